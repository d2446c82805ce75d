package io.hubwire.protocol;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Why the values of a well-formed message fit no Java type. Travels in a message, has no stack trace. */
public final class BindingException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    /** What does not fit. */
    public enum Kind {

        /** There is no method of this name. */
        UNKNOWN_TARGET,

        /** The number of arguments differs from that of the parameters. */
        WRONG_COUNT,

        /** A value does not convert to the type that is wanted. */
        CONVERSION
    }

    private final Kind kind;

    private BindingException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause, false, false);
        this.kind = kind;
    }

    /** There is no method of this name. */
    public static BindingException unknownTarget() {
        return new BindingException(Kind.UNKNOWN_TARGET, "Method does not exist.", null);
    }

    /** The number of arguments differs from that of the parameters. */
    public static BindingException wrongCount(int provided, int expected) {
        return new BindingException(
                Kind.WRONG_COUNT,
                "Invocation provides " + provided + " argument(s) but target expects " + expected + ".",
                null);
    }

    /** A value does not convert to the type that is wanted, for the reason given. */
    public static BindingException conversion(Throwable cause) {
        return new BindingException(
                Kind.CONVERSION,
                "Error binding arguments. Make sure that the types of the provided values match the types of the hub"
                        + " method being invoked.",
                cause);
    }

    /** Returns what does not fit. */
    public Kind kind() {
        return kind;
    }
}
