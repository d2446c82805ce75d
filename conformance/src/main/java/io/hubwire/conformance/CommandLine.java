package io.hubwire.conformance;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the application was started with.
 *
 * @param core the port of the ASP.NET Core side; 0 for any
 */
record CommandLine(int core) {

    static final String USAGE = "usage: conformance/run --core PORT [--host netty]";

    /** Known by name, so that the answer says why they are refused. */
    private static final Set<String> LATER = Set.of("--core-https", "--classic", "--static");

    /**
     * Reads the arguments.
     *
     * @throws IllegalArgumentException with what to tell the user
     */
    static CommandLine parse(String... arguments) {
        Map<String, String> options = new TreeMap<>();
        for (int i = 0; i < arguments.length; i += 2) {
            String name = arguments[i];
            if (LATER.contains(name)) {
                throw new IllegalArgumentException(name + " is not there yet");
            }
            if (!name.equals("--core") && !name.equals("--host")) {
                throw new IllegalArgumentException(name + " is no option");
            }
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException(name + " needs a value");
            }
            options.put(name, arguments[i + 1]);
        }
        String host = options.getOrDefault("--host", "netty");
        if (!host.equals("netty")) {
            throw new IllegalArgumentException("--host " + host + " is not there yet");
        }
        String core = Optional.ofNullable(options.get("--core"))
                .orElseThrow(() -> new IllegalArgumentException("no port to listen on"));
        return new CommandLine(port(core));
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            if (port >= 0 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException notANumber) {
            // Refused below.
        }
        throw new IllegalArgumentException("--core " + text + " (expected: a port)");
    }
}
