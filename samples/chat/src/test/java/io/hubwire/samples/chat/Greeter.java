package io.hubwire.samples.chat;

import io.hubwire.server.hub.Hub;

/** The hub that the README shows. */
public class Greeter extends Hub {

    public String hello(String name) {
        clients().others().send("greeted", name);
        return "Hello " + name;
    }
}
