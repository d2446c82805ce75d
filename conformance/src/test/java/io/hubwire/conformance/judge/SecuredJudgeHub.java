package io.hubwire.conformance.judge;

import io.hubwire.server.hub.Authorize;
import io.hubwire.server.hub.HubName;

/** The same for users only. */
@Authorize
@HubName("judge-secured")
public final class SecuredJudgeHub extends JudgeCalls {

    SecuredJudgeHub(Events events) {
        super(events);
    }
}
