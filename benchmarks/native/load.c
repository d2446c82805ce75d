// The load generator: many SignalR clients (JSON or MessagePack over WebSockets) in one thread, and the figures of the server that
// they talk to. Every answer is checked against what was asked. Prints one JSON object. See README.md.
#define _GNU_SOURCE
#include <getopt.h>
#include <sys/prctl.h>

#include "client.h"

#define MOST_ERRORS 50

static bool stdin_ready;

static void turn(int64_t wait) {
    static struct epoll_event events[1024];
    struct timespec time = {wait / SECOND, wait % SECOND};
    int count = epoll_pwait2(epoll, events, 1024, &time, NULL);
    for (int i = 0; i < count; i++) {
        if (events[i].data.ptr) {
            on_event(events[i].data.ptr, events[i].events);
        } else {
            char line[64];
            if (read(STDIN_FILENO, line, sizeof line) <= 0) exit(0);
            stdin_ready = true;
        }
    }
    if (errors > MOST_ERRORS) fail("too many errors", "", 0);
}

// Every client pings about every 10 s.
static void keep_alive(void) {
    static uint64_t last;
    static int next;
    uint64_t time = now();
    if (!last) last = time;
    int due = (time - last) * (double)options.connections / (10 * SECOND);
    if (options.raw || due < 1) return;
    last = time;
    for (; due > 0; due--, next = (next + 1) % options.connections)
        if (clients[next].state == OPEN) write_frame(&clients[next], &ping);
}

// Every client acknowledges about once a second what it got.
static void acknowledge_all(void) {
    static uint64_t last;
    uint64_t time = now();
    if (!options.stateful || time - last < SECOND) return;
    last = time;
    for (int i = 0; i < options.connections; i++)
        if (clients[i].state == OPEN) acknowledge(&clients[i]);
}

static uint64_t read_slowly_bytes;

// Reads what the slow reader may have read by now.
static void read_slowly(void) {
    static uint8_t input[1 << 16];
    static uint64_t began, taken;
    client *c = &clients[options.connections];
    if (!options.slow_reader || c->state != OPEN) return;
    if (!began) began = now();
    uint64_t allowed = (now() - began) * options.slow_reader / SECOND;
    while (taken < allowed) {
        ssize_t count = recv(c->fd, input, allowed - taken < sizeof input ? allowed - taken : sizeof input, 0);
        if (count < 0 && errno == EAGAIN) return;
        if (count <= 0) fail("the slow reader was given up", "", 0);
        taken += count;
        if (measuring) read_slowly_bytes += count;
    }
}

static void open_all(int at_once) {
    uint64_t began = now();
    for (int started = 0; opened < options.connections;) {
        for (; started < options.connections && started - opened < at_once; started++)
            start(&clients[started], started);
        turn(SECOND / 10);
        keep_alive();
        if (errors) fail("error while opening", "", 0);
        if (now() - began > 120 * SECOND) fail("opening takes too long", "", 0);
    }
}

// ---- the window in which everything counts

static uint64_t began, window_began, window_looked;
static usage before;

static void begin_window(uint64_t time) {
    before = read_usage(options.server);
    window_began = window_looked = time;
    measuring = true;
    done = frames_in = reads = 0;
    memset(&latencies, 0, sizeof latencies);
}

// Begins the window after the warm-up; tells when it is over: long enough in time and in CPU time of the server.
static bool window_over(uint64_t time) {
    if (!measuring) {
        if (time - began > options.warm_up * SECOND) begin_window(time);
        return false;
    }
    if (time - window_began < options.seconds * SECOND || time - window_looked < SECOND / 10) return false;
    window_looked = time;
    return server_seconds(options.server) - before.total >= options.cpu_seconds ||
           time - window_began > 4 * options.seconds * SECOND;
}

static void report(void) {
    double seconds = (double)(now() - window_began) / SECOND, n = done ? done : 1;
    usage after = read_usage(options.server);
    double total = after.total - before.total, ticks = after.user + after.system - before.user - before.system;
    double user = ticks > 0 ? total * (after.user - before.user) / ticks : 0;
    printf("{\"n\":%lu,\"seconds\":%.3f,\"rate\":%.1f", done, seconds, done / seconds);
    printf(",\"cpu_us\":%.4f,\"user_us\":%.4f,\"system_us\":%.4f", total * 1e6 / n, user * 1e6 / n,
           (total - user) * 1e6 / n);
    printf(",\"p50_us\":%.1f,\"p90_us\":%.1f,\"p99_us\":%.1f,\"max_us\":%.1f", histogram_quantile(&latencies, .5) / 1e3,
           histogram_quantile(&latencies, .9) / 1e3, histogram_quantile(&latencies, .99) / 1e3, latencies.max / 1e3);
    printf(",\"server_cpus\":%.3f,\"generator_cpus\":%.3f", total / seconds,
           (after.generator - before.generator) / seconds);
    printf(",\"other_cpus\":%.3f",
           (after.machine - before.machine - total - (after.generator - before.generator)) / seconds);
    printf(",\"frames_per_message\":%.4f,\"reads_per_message\":%.4f", frames_in / n, reads / n);
    printf(",\"switches_per_message\":%.4f", (double)(after.switches - before.switches) / n);
    printf(",\"errors\":%d,\"dropped\":%lu", errors, dropped);
    if (options.slow_reader) printf(",\"slow_reader_bytes\":%.0f", read_slowly_bytes / seconds);
    printf("}\n");
}

// Clients that connect and leave, each followed by the next: at once, or when it is due.
static void run_connections(void) {
    int next = 0;
    for (; next < options.connections; next++) {
        clients[next].began = now();
        start(&clients[next], next);
    }
    while (!window_over(now())) {
        turn(options.rate ? SECOND / 1000 : SECOND / 100);
        uint64_t time = now();
        for (int i = 0; i < options.connections; i++) {
            client *c = &clients[i];
            if (c->state == DONE || c->state == LOST) {
                if (c->state == DONE && measuring) {
                    done++;
                    histogram_add(&latencies, time - c->began);
                }
                close(c->fd);
                free(c->token);
                c->token = NULL;
                c->state = WAITING;
            }
            if (c->state == WAITING && (!options.rate || time - began >= next * SECOND / options.rate)) {
                c->began = time;
                start(c, next++);
            }
        }
    }
}

// Calls at times that were set beforehand, so that one who is late does not get fewer.
static int64_t call_what_is_due(uint64_t time) {
    static uint64_t calls;
    static int next;
    double interval = SECOND / options.rate;
    uint64_t due = began + calls * interval;
    for (int i = 0; i < 32 && due <= time; i++, due = began + calls * interval) {
        client *c = &clients[next];
        next = (next + 1) % options.connections;
        calls++;
        if ((int)(c->called - c->answered) >= ring - 1) {
            dropped++;
        } else {
            call_echo(c, 1, due);
        }
    }
    time = now();
    return due > time ? due - time : 0;
}

static void run_calls(void) {
    open_all(128);
    if (options.slow_reader) start(&clients[options.connections], options.connections);
    while (options.slow_reader && clients[options.connections].state != OPEN)
        turn(SECOND / 100);
    began = now();
    for (int i = 0; i < options.connections; i++) {
        if (options.mode == ECHO) call_echo(&clients[i], options.in_flight, began);
        if (options.mode == SEND) call_burst(&clients[i], began);
        if (options.mode == STREAM) call_stream(&clients[i], began);
    }
    for (int i = 0; options.mode == BROADCAST && i < options.outstanding; i++)
        publish();
    for (uint64_t time; !window_over(time = now()); keep_alive(), acknowledge_all(), read_slowly())
        turn(options.mode == FIXED ? call_what_is_due(time) : (int64_t)SECOND / 50);
}

// Tells whoever started us how far we are, and idles until told to go on.
static void tell(const char *what, double seconds) {
    printf("%s %d %.2f %d\n", what, opened, seconds, errors);
    fflush(stdout);
    for (stdin_ready = false; !stdin_ready; keep_alive())
        turn(SECOND / 20);
}

static void run_idle(void) {
    struct epoll_event event = {.events = EPOLLIN};
    epoll_ctl(epoll, EPOLL_CTL_ADD, STDIN_FILENO, &event);
    tell("READY", 0);
    open_all(256);
    tell("OPEN", (double)(now() - began) / SECOND);
    measuring = true;
    for (int i = 0; i < options.connections; i++) {
        call_echo(&clients[i], 1, now());
        while (i + 1 - (int64_t)done > 64) {
            turn(SECOND / 100);
            keep_alive();
        }
    }
    while (done < (uint64_t)options.connections)
        turn(SECOND / 100);
    tell("ECHOED", 0);
}

// ---- options

static void usage_exit(void) {
    fprintf(
        stderr,
        "load echo|fixed|send|broadcast|connect|idle|stream [options]\n"
        "  --port N  --path PATH  --raw          the server; --raw: a plain echo server, not SignalR\n"
        "  --messagepack                         what is spoken, in place of JSON\n"
        "  --server PID                          whose CPU time is measured\n"
        "  --connections N  --size BYTES         clients, and the length of the string that is sent\n"
        "  --in-flight N                         echo: calls that each client keeps in flight\n"
        "  --rate N                              fixed: calls per second, of all clients together; connect: clients\n"
        "  --burst N                             send: calls without an answer before one with\n"
        "  --outstanding N  --members N          broadcast: publishes under way; to a group of the first N clients\n"
        "  --negotiate  --sources N              negotiate first; from so many loopback addresses\n"
        "  --stateful                            clients that could come back, and acknowledge; negotiates\n"
        "  --items N                             stream: items of each stream\n"
        "  --slow-reader N                       one more client that reads an endless stream, N bytes per second\n"
        "  --warm-up S  --seconds S  --cpu-seconds S   the window: when it begins, its least length, and the\n"
        "                                        least CPU time of the server in it\n");
    exit(2);
}

static enum mode parse_mode(const char *name) {
    static const char *names[] = {"echo", "fixed", "send", "broadcast", "connect", "idle", "stream"};
    for (int i = 0; i < 7; i++)
        if (!strcmp(name, names[i])) return i;
    usage_exit();
    return 0;
}

static void parse(int count, char **arguments) {
    enum { PORT, PATH, RAW, SERVER, CONNECTIONS, SIZE, IN_FLIGHT, RATE, BURST, OUTSTANDING, MEMBERS, NEGOTIATE };
    enum { SOURCES = NEGOTIATE + 1, WARM_UP, SECONDS, CPU_SECONDS, PACKED, STATEFUL, ITEMS, SLOW_READER };
    static const struct option known[] = {{"port", 1, 0, PORT},
                                          {"path", 1, 0, PATH},
                                          {"raw", 0, 0, RAW},
                                          {"server", 1, 0, SERVER},
                                          {"connections", 1, 0, CONNECTIONS},
                                          {"size", 1, 0, SIZE},
                                          {"in-flight", 1, 0, IN_FLIGHT},
                                          {"rate", 1, 0, RATE},
                                          {"burst", 1, 0, BURST},
                                          {"outstanding", 1, 0, OUTSTANDING},
                                          {"members", 1, 0, MEMBERS},
                                          {"negotiate", 0, 0, NEGOTIATE},
                                          {"sources", 1, 0, SOURCES},
                                          {"warm-up", 1, 0, WARM_UP},
                                          {"seconds", 1, 0, SECONDS},
                                          {"cpu-seconds", 1, 0, CPU_SECONDS},
                                          {"messagepack", 0, 0, PACKED},
                                          {"stateful", 0, 0, STATEFUL},
                                          {"items", 1, 0, ITEMS},
                                          {"slow-reader", 1, 0, SLOW_READER},
                                          {0}};
    for (int option; (option = getopt_long(count, arguments, "", known, NULL)) >= 0;) {
        int number = optarg ? atoi(optarg) : 0;
        switch (option) {
            case PORT: options.port = number; break;
            case PATH: options.path = optarg; break;
            case RAW: options.raw = true; break;
            case SERVER: options.server = number; break;
            case CONNECTIONS: options.connections = number; break;
            case SIZE: options.size = number; break;
            case IN_FLIGHT: options.in_flight = number; break;
            case RATE: options.rate = atof(optarg); break;
            case BURST: options.burst = number; break;
            case OUTSTANDING: options.outstanding = number; break;
            case MEMBERS: options.members = number; break;
            case NEGOTIATE: options.negotiate = true; break;
            case SOURCES: options.sources = number; break;
            case WARM_UP: options.warm_up = atof(optarg); break;
            case SECONDS: options.seconds = atof(optarg); break;
            case PACKED: options.packed = true; break;
            case STATEFUL: options.stateful = options.negotiate = true; break;
            case ITEMS: options.items = number; break;
            case SLOW_READER: options.slow_reader = atof(optarg); break;
            case CPU_SECONDS: options.cpu_seconds = atof(optarg); break;
            default: usage_exit();
        }
    }
    if (optind != count - 1) usage_exit();
    options.mode = parse_mode(arguments[optind]);
    if (options.mode == FIXED && !options.rate) options.rate = 20000;
    bool plain = !options.packed && !options.members && !options.negotiate && !options.slow_reader;
    if (options.raw && (!plain || options.mode == SEND || options.mode == STREAM)) usage_exit();
    if (options.packed && (options.stateful || options.slow_reader || options.mode == STREAM)) usage_exit();
}

int main(int count, char **arguments) {
    parse(count, arguments);
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    prctl(PR_SET_TIMERSLACK, 1);
    epoll = epoll_create1(0);
    make_frames();
    for (ring = options.mode == FIXED ? 4096 : 64; ring < 2 * options.in_flight;)
        ring *= 2;
    clients = calloc(options.connections + 1, sizeof *clients);
    for (int i = 0; i < options.connections && options.mode != IDLE && options.mode != CONNECT; i++)
        clients[i].due = calloc(ring, sizeof *clients[i].due);
    began = now();
    switch (options.mode) {
        case IDLE: run_idle(); break;
        case CONNECT:
            run_connections();
            report();
            break;
        default: run_calls(); report();
    }
    return errors ? 4 : 0;
}
