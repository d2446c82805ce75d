package io.hubwire.conformance.judge;

import io.hubwire.server.hub.HubName;

/** The hub of most judges. */
@HubName("judge")
public final class JudgeHub extends JudgeCalls {

    JudgeHub(Events events) {
        super(events);
    }
}
