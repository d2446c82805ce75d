package io.hubwire.conformance.judge;

import com.microsoft.signalr.HttpHubConnectionBuilder;
import com.microsoft.signalr.HubConnectionBuilder;
import java.nio.file.Path;
import java.util.List;

class JavaClientIT extends JavaClientContract {

    @Override
    JudgedServer server(Path packages) {
        return JudgedServer.start(0, List.of(), packages);
    }

    @Override
    HttpHubConnectionBuilder client(int port, String path) {
        return HubConnectionBuilder.create("http://127.0.0.1:" + port + path);
    }
}
