package io.hubwire.server.internal.dispatch;

import io.hubwire.protocol.HubMessage;
import io.hubwire.server.hub.HubException;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The streams that one client is sending.
 *
 * <p>They begin, grow and are ended by the client on the connection's reader; the calls that take them end them on threads
 * of their own.
 */
final class Uploads {

    private final Map<String, Upload> byId = new ConcurrentHashMap<>(4);
    private final HubDispatcher hub;
    private final Runnable roomAgain;

    /** How many streams the calls that run have taken, whether the client has ended them or not. */
    private final AtomicInteger taken = new AtomicInteger();

    /** The stream behind which the reader has stopped, if it has. */
    private volatile @Nullable Upload full;

    private volatile boolean over;

    /** No streams yet; {@code roomAgain} is told when the one that was full is full no longer. */
    Uploads(HubDispatcher hub, Runnable roomAgain) {
        this.hub = hub;
        this.roomAgain = roomAgain;
    }

    /** The first of these ids that is in use, or that stands here twice. */
    Optional<String> inUse(List<String> ids) {
        Set<String> here = new HashSet<>();
        return ids.stream().filter(id -> byId.containsKey(id) || !here.add(id)).findFirst();
    }

    /** How many streams are taken: those count until the call that takes them is over. */
    int count() {
        return taken.get();
    }

    /** Begins streams of elements of these types. */
    List<Upload> begin(List<String> ids, List<Type> types) {
        List<Upload> begun = new ArrayList<>(ids.size());
        taken.addAndGet(ids.size());
        for (int i = 0; i < ids.size(); i++) {
            Upload upload = new Upload(ids.get(i), types.get(i), hub.options().streamBufferCapacity(), roomAgain);
            byId.put(ids.get(i), upload);
            begun.add(upload);
        }
        if (over) {
            begun.forEach(Upload::abandon);
        }
        return begun;
    }

    /** The call that took these streams is over. */
    void end(List<Upload> uploads) {
        for (Upload upload : uploads) {
            byId.remove(upload.id(), upload);
            upload.close();
        }
        taken.addAndGet(-uploads.size());
    }

    /** Whether the reader is to go no further. */
    boolean isFull() {
        Upload stream = full;
        return stream != null && stream.isFull();
    }

    Optional<Type> type(String id) {
        return Optional.ofNullable(byId.get(id)).map(Upload::type);
    }

    /** An element has come; false if it is of no known stream. */
    boolean add(HubMessage.StreamItem item) {
        Upload upload = byId.get(item.invocationId());
        if (upload == null) {
            return false;
        }
        upload.add(item.item());
        if (upload.isFull()) {
            full = upload;
        }
        return true;
    }

    /** An element has come that does not fit; false if it is of no known stream. */
    boolean fail(HubMessage.StreamBindingFailure failure) {
        return end(failure.invocationId(), hub.texts().streamItemUnfit(failure.cause()));
    }

    /** The client has ended a stream; false if it is none of its streams. */
    boolean end(HubMessage.Completion completion) {
        return end(
                completion.invocationId(),
                completion.outcome() instanceof HubMessage.Outcome.Failure failure
                        ? new HubException(failure.message())
                        : null);
    }

    private boolean end(String id, @Nullable RuntimeException why) {
        Upload upload = byId.remove(id);
        if (upload == null) {
            return false;
        }
        upload.end(why);
        return true;
    }

    /** The client is gone. */
    void abandon() {
        over = true;
        byId.values().forEach(Upload::abandon);
        Upload stream = full;
        if (stream != null) {
            stream.abandon();
        }
    }
}
