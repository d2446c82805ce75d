package io.hubwire.protocol.msgpack;

import io.hubwire.protocol.HubProtocol;
import io.hubwire.protocol.HubProtocolContract;
import io.hubwire.protocol.PayloadMapper;

class MessagePackHubProtocolTest extends HubProtocolContract {

    @Override
    protected HubProtocol protocol(PayloadMapper mapper) {
        return new MessagePackHubProtocol(mapper);
    }

    @Override
    protected PayloadMapper mapper() {
        return new PlainMessagePack();
    }
}
