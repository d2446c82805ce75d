package io.hubwire.server.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;

/** What a request line asks for: a decoded path, and a query as it was sent. */
record RequestTarget(String path, String query) {

    /** Takes a request target apart; empty when it is none that names a path: RFC 9112, section 3.2. */
    static Optional<RequestTarget> parse(String target) {
        if (!isPrintable(target)) {
            return Optional.empty();
        }
        int start = pathStart(target);
        if (start < 0) {
            return Optional.empty();
        }
        int mark = target.indexOf('?', start);
        String path = mark < 0 ? target.substring(start) : target.substring(start, mark);
        String query = mark < 0 ? "" : target.substring(mark + 1);
        return decode(path.isEmpty() ? "/" : path).map(decoded -> new RequestTarget(decoded, query));
    }

    private static boolean isPrintable(String target) {
        for (int i = 0; i < target.length(); i++) {
            if (target.charAt(i) <= ' ' || target.charAt(i) >= 0x7f) {
                return false;
            }
        }
        return true;
    }

    /** Where the path begins; behind the authority where the whole address was sent, as to a proxy. */
    private static int pathStart(String target) {
        if (target.startsWith("/")) {
            return 0;
        }
        int authority;
        if (target.regionMatches(true, 0, "http://", 0, 7)) {
            authority = 7;
        } else if (target.regionMatches(true, 0, "https://", 0, 8)) {
            authority = 8;
        } else {
            return -1;
        }
        int end = authority;
        while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
            end++;
        }
        return end == authority ? -1 : end;
    }

    private static Optional<String> decode(String path) {
        if (path.indexOf('%') < 0) {
            return Optional.of(path);
        }
        byte[] sent = path.getBytes(ISO_8859_1);
        byte[] plain = new byte[sent.length];
        int length = 0;
        for (int i = 0; i < sent.length; i++) {
            int octet = sent[i];
            if (octet == '%') {
                octet = i + 2 < sent.length ? escaped(sent[i + 1], sent[i + 2]) : -1;
                i += 2;
            }
            if (octet <= 0) {
                return Optional.empty();
            }
            plain[length++] = (byte) octet;
        }
        return Utf8.check(Utf8.WHOLE, plain, 0, length) == Utf8.WHOLE
                ? Optional.of(new String(plain, 0, length, UTF_8))
                : Optional.empty();
    }

    private static int escaped(byte high, byte low) {
        int first = Character.digit(high, 16);
        int second = Character.digit(low, 16);
        return first < 0 || second < 0 ? -1 : (first << 4) | second;
    }
}
