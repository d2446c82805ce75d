package io.hubwire.payload.jackson;

import io.hubwire.payload.jackson.JacksonPayload.MemberNames;
import tools.jackson.databind.PropertyNamingStrategies;

/** Turns the names of Java members into those on the wire. */
final class Naming extends PropertyNamingStrategies.NamingBase {

    private static final long serialVersionUID = 1;

    private final MemberNames names;

    Naming(MemberNames names) {
        this.names = names;
    }

    @Override
    protected String translate(String name) {
        return switch (names) {
            case AS_DECLARED -> name;
            case LOWER_CAMEL -> lower(name);
            case UPPER_CAMEL -> name.isEmpty() ? name : Character.toUpperCase(name.charAt(0)) + name.substring(1);
        };
    }

    /** Lowers the capitals that the name begins with, up to the one that begins its next word. */
    private static String lower(String name) {
        char[] letters = name.toCharArray();
        for (int i = 0; i < letters.length && Character.isUpperCase(letters[i]); i++) {
            boolean beginsWord = i > 0 && i + 1 < letters.length && !Character.isUpperCase(letters[i + 1]);
            if (beginsWord) {
                break;
            }
            letters[i] = Character.toLowerCase(letters[i]);
        }
        return new String(letters);
    }
}
