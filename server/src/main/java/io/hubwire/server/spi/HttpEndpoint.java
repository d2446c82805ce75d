package io.hubwire.server.spi;

/** Something that a host can mount: it answers the requests for its own paths. */
@FunctionalInterface
public interface HttpEndpoint {

    /**
     * Takes a request, or leaves it to the next endpoint. Called on the exchange's loop as soon as the head of the
     * request is read; must not block, may answer later and from any thread.
     *
     * @param exchange the request and the means to answer it
     * @return false if the path is none of this endpoint's, and then the exchange is untouched; a host answers what
     *     nobody takes with 404, empty
     */
    boolean handle(HttpExchange exchange);
}
