package io.hubwire.conformance.judge;

import io.hubwire.server.hub.HubName;

/** The same with detailed errors. */
@HubName("judge-detailed")
public final class DetailedJudgeHub extends JudgeCalls {

    DetailedJudgeHub(Events events) {
        super(events);
    }
}
