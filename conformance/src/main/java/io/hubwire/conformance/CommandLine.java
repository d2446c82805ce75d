package io.hubwire.conformance;

import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the application was started with.
 *
 * @param core the port of the ASP.NET Core side; 0 for any
 * @param coreHttps the port on which the same is there over TLS; 0 for any
 */
record CommandLine(int core, OptionalInt coreHttps) {

    static final String USAGE = "usage: conformance/run --core PORT [--core-https PORT] [--host netty]";

    private static final Set<String> OPTIONS = Set.of("--core", "--core-https", "--host");

    /** Known by name, so that the answer says why they are refused. */
    private static final Set<String> LATER = Set.of("--classic", "--static");

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
            if (!OPTIONS.contains(name)) {
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
        OptionalInt core = port("--core", options);
        if (core.isEmpty()) {
            throw new IllegalArgumentException("no port to listen on");
        }
        return new CommandLine(core.getAsInt(), port("--core-https", options));
    }

    private static OptionalInt port(String name, Map<String, String> options) {
        String text = options.get(name);
        if (text == null) {
            return OptionalInt.empty();
        }
        try {
            int port = Integer.parseInt(text);
            if (port >= 0 && port <= 65_535) {
                return OptionalInt.of(port);
            }
        } catch (NumberFormatException notANumber) {
            // Refused below.
        }
        throw new IllegalArgumentException(name + " " + text + " (expected: a port)");
    }
}
