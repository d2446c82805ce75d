package io.hubwire.conformance.talk;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** How bytes that do not show are written in a conversation. */
final class Signs {

    static final String SEPARATOR = "\u001e";
    static final String SHOWN_SEPARATOR = "␞";

    private static final Pattern REPEAT = Pattern.compile("\\{repeat (\\d+) (.)}");

    private Signs() {}

    static String show(String text) {
        return text.replace(SEPARATOR, SHOWN_SEPARATOR).replace("\r", "␍").replace("\n", "␊");
    }

    static String hide(String text) {
        return text.replace(SHOWN_SEPARATOR, SEPARATOR).replace("␍", "\r").replace("␊", "\n");
    }

    /** Writes out {@code {repeat 2000 y}}. */
    static String repeated(String text) {
        return REPEAT.matcher(text).replaceAll(found -> found.group(2).repeat(Integer.parseInt(found.group(1))));
    }

    /** Takes apart what came in one unit: several messages, each with its separator. */
    static List<String> messages(String unit) {
        if (!unit.endsWith(SEPARATOR)) {
            return List.of(unit);
        }
        List<String> messages = new ArrayList<>();
        for (String each : unit.substring(0, unit.length() - 1).split(SEPARATOR, -1)) {
            messages.add(each + SEPARATOR);
        }
        return messages;
    }

    static String hex(byte[] bytes) {
        StringBuilder hex = new StringBuilder();
        for (byte each : bytes) {
            hex.append(hex.isEmpty() ? "" : " ").append(String.format("%02x", each));
        }
        return hex.toString();
    }
}
