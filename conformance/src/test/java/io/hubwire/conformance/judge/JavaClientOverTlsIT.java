package io.hubwire.conformance.judge;

import com.microsoft.signalr.HttpHubConnectionBuilder;
import com.microsoft.signalr.HubConnectionBuilder;
import io.hubwire.server.netty.Tls;
import io.hubwire.testkit.SelfSigned;
import java.nio.file.Path;
import javax.net.ssl.X509TrustManager;

class JavaClientOverTlsIT extends JavaClientContract {

    private static final SelfSigned KEYS = SelfSigned.named("judged");

    @Override
    JudgedServer server(Path packages) {
        return JudgedServer.start(
                Tls.builder().keyStore(KEYS.keyStore(), KEYS.password()).build(), packages);
    }

    @Override
    HttpHubConnectionBuilder client(int port, String path) {
        return HubConnectionBuilder.create("https://localhost:" + port + path)
                .setHttpClientBuilderCallback(client -> client.sslSocketFactory(
                        KEYS.context().getSocketFactory(), (X509TrustManager) KEYS.trustManagers()[0]));
    }
}
