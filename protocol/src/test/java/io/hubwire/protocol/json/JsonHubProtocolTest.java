package io.hubwire.protocol.json;

import io.hubwire.protocol.HubProtocol;
import io.hubwire.protocol.HubProtocolContract;
import io.hubwire.protocol.PayloadMapper;

class JsonHubProtocolTest extends HubProtocolContract {

    @Override
    protected HubProtocol protocol(PayloadMapper mapper) {
        return new JsonHubProtocol(mapper);
    }

    @Override
    protected PayloadMapper mapper() {
        return new PlainJackson();
    }
}
