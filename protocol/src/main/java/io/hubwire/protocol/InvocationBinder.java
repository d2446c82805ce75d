package io.hubwire.protocol;

import java.lang.reflect.Type;
import java.util.List;
import java.util.Optional;

/** Tells a protocol which Java types the values of a message are to become. Asked on the thread that reads. */
public interface InvocationBinder {

    /**
     * Finds a method, whatever the case of its name.
     *
     * @param name the method as the caller spells it
     * @return the method, or empty if there is none: the call becomes a binding failure
     */
    Optional<Target> target(String name);

    /**
     * Finds the type of the elements of a stream that the peer sends.
     *
     * @param invocationId the call that asked for the stream, or the id of a streamed argument
     * @return the type, or empty if there is no such stream: the element is skipped and delivered as null
     */
    Optional<Type> itemType(String invocationId);

    /**
     * Finds the type of the result of a call that was made to the peer.
     *
     * @param invocationId the call
     * @return the type, or empty if there is no such call: the result is skipped and delivered as null
     */
    Optional<Type> resultType(String invocationId);

    /** A method that can be called. */
    interface Target {

        /** Returns the name as it is declared. */
        String name();

        /** Returns the types of the parameters that the caller provides, in order and without the streams. */
        List<Type> parameterTypes();
    }
}
