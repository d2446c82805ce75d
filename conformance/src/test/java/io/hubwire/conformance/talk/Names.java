package io.hubwire.conformance.talk;

import static io.hubwire.conformance.talk.Signs.SHOWN_SEPARATOR;
import static io.hubwire.conformance.talk.Signs.hide;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the names of a conversation stand for, and whether an event is the expected one. Confined to one thread. */
final class Names {

    private static final Pattern NAME = Pattern.compile("\\{(\\w+|\\*)}");
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Map<String, String> values = new HashMap<>();

    /** Puts values into the places of names that have one. */
    String fill(String text, UnaryOperator<String> as) {
        return NAME.matcher(text).replaceAll(found -> {
            String value = values.get(found.group(1));
            return Matcher.quoteReplacement(value == null ? found.group() : as.apply(value));
        });
    }

    String fill(String text) {
        return fill(text, UnaryOperator.identity());
    }

    /**
     * Whether {@code actual} is what {@code expected} says; new names get their values. JSON is compared by its values:
     * the order of members, escapes and the form of numbers are free.
     */
    boolean match(String expected, String actual) {
        if (literally(expected, actual)) {
            return true;
        }
        int json = jsonStart(expected);
        int actualJson = jsonStart(actual);
        return json >= 0
                && actualJson >= 0
                && literally(expected.substring(0, json), actual.substring(0, actualJson))
                && sameMessages(expected.substring(json), actual.substring(actualJson));
    }

    private static int jsonStart(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '{' || text.charAt(i) == '[') {
                return i;
            }
        }
        return -1;
    }

    private boolean sameMessages(String expected, String actual) {
        String[] wanted = expected.split(SHOWN_SEPARATOR, -1);
        String[] got = actual.split(SHOWN_SEPARATOR, -1);
        if (wanted.length != got.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (!wanted[i].equals(got[i]) && !sameJson(wanted[i], got[i])) {
                return false;
            }
        }
        return true;
    }

    private boolean sameJson(String expected, String actual) {
        try {
            return same(JSON.readTree(hide(expected)), JSON.readTree(hide(actual)));
        } catch (JacksonException notJson) {
            return false;
        }
    }

    private boolean same(JsonNode expected, JsonNode actual) {
        if (expected.isString()) {
            return expected.stringValue().equals("{*}")
                    || actual.isString() && literally(expected.stringValue(), actual.stringValue());
        }
        if (expected.isNumber()) {
            return actual.isNumber()
                    && new BigDecimal(expected.toString()).compareTo(new BigDecimal(actual.toString())) == 0;
        }
        if (expected.isObject()) {
            return actual.isObject()
                    && expected.size() == actual.size()
                    && expected.propertyStream()
                            .allMatch(member -> Optional.ofNullable(actual.get(member.getKey()))
                                    .filter(value -> same(member.getValue(), value))
                                    .isPresent());
        }
        return expected.isArray() ? sameItems(expected, actual) : expected.equals(actual);
    }

    private boolean sameItems(JsonNode expected, JsonNode actual) {
        if (!actual.isArray() || expected.size() != actual.size()) {
            return false;
        }
        for (int i = 0; i < expected.size(); i++) {
            if (!same(expected.get(i), actual.get(i))) {
                return false;
            }
        }
        return true;
    }

    private boolean literally(String expected, String actual) {
        List<String> fresh = new ArrayList<>();
        StringBuilder pattern = new StringBuilder();
        Matcher name = NAME.matcher(expected);
        int end = 0;
        while (name.find()) {
            pattern.append(Pattern.quote(expected.substring(end, name.start())));
            pattern.append(place(name.group(1), fresh));
            end = name.end();
        }
        pattern.append(Pattern.quote(expected.substring(end)));
        Matcher found = Pattern.compile(pattern.toString(), Pattern.DOTALL).matcher(actual);
        if (!found.matches()) {
            return false;
        }
        for (int i = 0; i < fresh.size(); i++) {
            values.put(fresh.get(i), found.group("n" + i));
        }
        return true;
    }

    /** What may stand where a name does: its value, the same as before, or anything. */
    private String place(String name, List<String> fresh) {
        if (name.equals("*")) {
            return ".*?";
        }
        String value = values.get(name);
        if (value != null) {
            return Pattern.quote(value);
        }
        int known = fresh.indexOf(name);
        if (known >= 0) {
            return "\\k<n" + known + ">";
        }
        fresh.add(name);
        return "(?<n" + (fresh.size() - 1) + ">[^\"&\\s]+?)";
    }
}
