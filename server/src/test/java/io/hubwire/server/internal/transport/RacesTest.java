package io.hubwire.server.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.server.fixture.FakeApplication;
import io.hubwire.server.fixture.FakeClock;
import io.hubwire.server.fixture.FakeExchange;
import io.hubwire.server.fixture.ThreadLoop;
import io.hubwire.server.options.TransportOptions;
import io.hubwire.server.spi.ConnectionRequest;
import io.hubwire.server.spi.Pipe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Requests, an application and a clock on threads of their own: whatever meets whatever, the rules hold. */
class RacesTest {

    private static final Pattern TOKEN = Pattern.compile("\"connectionToken\":\"([^\"]*)\"");

    private final List<ThreadLoop> loops = List.of(new ThreadLoop(), new ThreadLoop(), new ThreadLoop());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final FakeClock clock = new FakeClock();
    private final FakeApplication application = new FakeApplication();
    private final PendingConnections pending = new PendingConnections(1000);
    private final Connections connections = new Connections(
            TransportOptions.builder().build(), pending, clock, request -> Optional.empty(), application);
    private final Queue<FakeExchange> requests = new ConcurrentLinkedQueue<>();

    @AfterEach
    void stop() {
        loops.forEach(ThreadLoop::close);
        threads.shutdownNow();
    }

    /** Waits for a condition, in shorter steps than a library would: there are many. */
    private static void until(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(30));
            LockSupport.parkNanos(20_000);
        }
    }

    private FakeExchange send(FakeExchange exchange) {
        requests.add(exchange);
        exchange.loop()
                .execute(() -> connections.transport(exchange, ConnectionRequest.of(exchange), Optional.empty()));
        return exchange;
    }

    private FakeExchange request(int loop, String method, String token) {
        return new FakeExchange(loops.get(loop), method, "/hub?id=" + token);
    }

    private String token(int loop) {
        FakeExchange exchange = new FakeExchange(loops.get(loop), "POST", "/hub/negotiate?negotiateVersion=1");
        exchange.loop().execute(() -> connections.negotiate(exchange, ConnectionRequest.of(exchange)));
        until(() -> exchange.status() != 0);
        Matcher matcher = TOKEN.matcher(exchange.text());
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    private FakeApplication.Client begin(String token) {
        FakeExchange first = send(request(0, "GET", token));
        until(() -> first.status() == 200);
        return application.client();
    }

    private void together(List<Runnable> tasks) {
        List<Future<?>> running = new ArrayList<>();
        tasks.forEach(task -> running.add(threads.submit(task)));
        running.forEach(RacesTest::join);
    }

    private static void join(Future<?> task) {
        try {
            task.get();
        } catch (InterruptedException | ExecutionException failure) {
            throw new AssertionError(failure);
        }
    }

    /** Messages said while polls come, break and supersede each other on three loops: each arrives once, in order. */
    @Test
    void bringsEveryMessageOnceAndInOrderThroughPollsThatBreak() {
        int messages = 2_000;
        FakeApplication.Client client = begin(token(0));
        String token = client.pipe().request().query("id").orElseThrow();
        Random random = new Random(1);

        Future<?> speaker = threads.submit(() -> {
            for (int i = 0; i < messages; i++) {
                client.say(String.valueOf(i));
            }
        });
        while (client.delivered().size() < messages) {
            FakeExchange poll = send(request(random.nextInt(3), "GET", token));
            if (random.nextInt(3) == 0) {
                poll.goAway();
            } else if (random.nextInt(3) > 0) {
                until(() -> poll.status() != 0 || client.isSilent());
            }
        }
        join(speaker);

        assertThat(client.faults()).isEmpty();
        assertThat(client.delivered())
                .isEqualTo(
                        IntStream.range(0, messages).mapToObj(String::valueOf).toList());
        assertThat(requests).allSatisfy(request -> assertThat(request.answers()).isLessThan(2));
    }

    /** Posts from three loops, an application that is full now and then: each is heard once and answered once. */
    @Test
    void bringsEveryPostOnceThroughAnApplicationThatIsFullNowAndThen() {
        FakeApplication.Client client = begin(token(0));
        String token = client.pipe().request().query("id").orElseThrow();
        int posts = 500;
        List<Runnable> tasks = new ArrayList<>();
        for (int t = 0; t < 3; t++) {
            int loop = t;
            tasks.add(() -> {
                for (int i = 0; i < posts; i++) {
                    FakeExchange post = send(request(loop, "POST", token).body(loop + ":" + i));
                    if (i % 50 == 0) {
                        client.beFull();
                    }
                    until(() -> {
                        client.goOn();
                        return post.status() == 200;
                    });
                }
            });
        }

        together(tasks);

        assertThat(client.faults()).isEmpty();
        assertThat(client.heard()).hasSize(3 * posts).doesNotHaveDuplicates();
        for (int t = 0; t < 3; t++) {
            String prefix = t + ":";
            assertThat(client.heard().stream()
                            .filter(each -> each.startsWith(prefix))
                            .toList())
                    .isEqualTo(
                            IntStream.range(0, posts).mapToObj(i -> prefix + i).toList());
        }
    }

    /** Everything at once: in the end the connection is over, told so once, and nobody waits for an answer. */
    @RepeatedTest(200)
    void endsWellWhateverMeetsWhatever(RepetitionInfo repetition) {
        long seed = repetition.getCurrentRepetition();
        String token = token((int) (seed % 3));
        FakeApplication.Client client = begin(token);
        client.farewell(() -> {
            client.say("goodbye");
            client.pipe().end(Pipe.Ending.NORMAL);
        });
        List<Consumer<Random>> actions = List.of(
                random -> send(request(random.nextInt(3), "GET", token)),
                random -> send(request(random.nextInt(3), "GET", token)).goAway(),
                random -> send(request(random.nextInt(3), "GET", token)),
                random -> send(request(random.nextInt(3), "POST", token).body("x")),
                random -> send(request(random.nextInt(3), "DELETE", token)),
                random -> client.say("message"),
                random -> client.pipe().ready(),
                random -> client.beFull(),
                random -> client.goOn(),
                random -> clock.advance(Duration.ofSeconds(random.nextInt(10))),
                random -> client.pipe().end(Pipe.Ending.GOING_AWAY),
                random -> client.pipe().abort());
        // How far down the list the actions go: in some runs nobody ends anything, in some everybody does.
        int reach = actions.size() - (int) (seed % 4);
        List<Runnable> tasks = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            Random random = new Random(seed * 31 + t);
            tasks.add(() -> {
                for (int i = 0; i < 20; i++) {
                    actions.get(random.nextInt(reach)).accept(random);
                }
            });
        }

        together(tasks);
        client.pipe().end(Pipe.Ending.NORMAL);
        until(() -> {
            clock.advance(Duration.ofSeconds(100));
            return client.isClosed();
        });
        until(() -> requests.stream().filter(request -> !request.isGone()).allMatch(request -> request.status() != 0));

        assertThat(client.faults()).as("seed %d", seed).isEmpty();
        assertThat(client.closings()).isEqualTo(1);
        assertThat(requests).allSatisfy(request -> assertThat(request.answers()).isLessThan(2));
        assertThat(connections.table().size()).isZero();
        assertThat(clock.scheduled()).isZero();
    }

    /** Many clients that negotiate and connect, or do not: none is forgotten, none is counted twice. */
    @Test
    void countsThoseOnTheirWayInRightly() {
        List<Runnable> tasks = new ArrayList<>();
        for (int t = 0; t < 3; t++) {
            int loop = t;
            tasks.add(() -> {
                for (int i = 0; i < 100; i++) {
                    String token = token(loop);
                    if (i % 3 > 0) {
                        send(request((loop + i) % 3, "GET", token)
                                .header("Accept", i % 3 == 1 ? "text/event-stream" : "*/*"));
                    }
                }
            });
        }

        together(tasks);
        until(() -> requests.stream().allMatch(request -> request.status() == 200));
        assertThat(pending.count()).isEqualTo(3 * 34);
        clock.advance(Duration.ofSeconds(15));

        until(() -> pending.count() == 0);
        // What is left: the event streams. The polling clients have gone the way of the silent ones.
        until(() -> connections.table().size() == 3 * 33);
        assertThat(clock.scheduled()).isZero();
    }
}
