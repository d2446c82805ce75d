// The generator's clients: how they connect, what they send, and what they do about what arrives.
#pragma once
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <sys/epoll.h>

#include "bytes.h"
#include "figures.h"
#include "frames.h"

#define MOST_PUBLISHES 65536

enum mode { ECHO, FIXED, SEND, BROADCAST, CONNECT, IDLE, STREAM };
enum state { CONNECTING, NEGOTIATING, UPGRADING, HANDSHAKE, JOINING, OPEN, CLOSING, DONE, LOST, WAITING };

typedef struct {
    int fd, index;
    enum state state;
    bool wants_out, checked;
    // Reading: the header of the frame at hand, what is left of its payload, and an incomplete record or HTTP answer.
    uint8_t header[10], header_length;
    uint64_t payload_left;
    bytes pending, unsent;
    // Calls and deliveries: when each call was due (a ring), how many were made and answered.
    uint64_t *due, began;
    uint32_t called, answered, deliveries, items;
    // Of a conversation that may go on after a loss: messages that came, and how many of them were acknowledged.
    uint32_t numbered, acknowledged;
    char *token;
} client;

static struct {
    enum mode mode;
    bool raw, packed, negotiate, stateful;
    const char *path;
    int port, server, connections, in_flight, size, outstanding, burst, members, sources, items;
    double rate, slow_reader, warm_up, seconds, cpu_seconds;
} options = {.path = "/hub",
             .port = 5300,
             .connections = 100,
             .in_flight = 1,
             .size = 100,
             .outstanding = 1,
             .burst = 64,
             .sources = 1,
             .items = 1000,
             .warm_up = 1,
             .seconds = 2};

static client *clients;
static int epoll, opened, errors, ring;
static bool measuring;
static uint64_t done, dropped, frames_in, reads;
static histogram latencies;
static char *argument;
static frame echo_call, send_call, publish_call, join_call, stream_call, endless_call, handshake, ping, hub_close, ws_close;

static void fail(const char *what, const void *detail, int length) {
    fprintf(stderr, "%s: %.*s\n", what, length > 300 ? 300 : length, (const char *)detail);
    exit(2);
}

static void fail_errno(const char *what) {
    fail(what, strerror(errno), 300);
}

static void make_frames(void) {
    argument = malloc(options.size + 1);
    for (int i = 0; i < options.size; i++)
        argument[i] = 'a' + i % 26;
    argument[options.size] = 0;
    frame (*call)(const char *, const char *, const char *, int) = options.packed ? make_packed_call : make_call;
    echo_call = call("Echo", argument, NULL, true);
    send_call = call("Send", argument, NULL, false);
    join_call = call("Join", "g", NULL, true);
    stream_call = make_stream_call(options.items);
    endless_call = make_stream_call(INT32_MAX);
    publish_call = options.members ? call("ToGroup", "g", argument, true) : call("Broadcast", argument, NULL, true);
    if (options.raw) {  // what starts with '[' goes to all; as long as the delivery that a SignalR server makes of it
        char *text = malloc(options.size + 128);
        sprintf(text, "[\"type\":1,\"target\":\"m\",\"arguments\":[\"%s\"]}%c", argument, END_OF_RECORD);
        publish_call = make_text(text);
        free(text);
    }
    handshake = make_text(options.stateful ? "{\"protocol\":\"json\",\"version\":2}\x1e"
                                           : "{\"protocol\":\"json\",\"version\":1}\x1e");
    ping = make_text("{\"type\":6}\x1e");
    hub_close = make_text("{\"type\":7}\x1e");
    if (options.packed) {
        handshake = make_text("{\"protocol\":\"messagepack\",\"version\":1}\x1e");
        ping = make_packed("\x91\x06", 2, NULL);
        hub_close = make_packed("\x92\x07\xc0", 3, NULL);
    }
    ws_close = make_close();
}

// ---- writing

static void want_out(client *c, bool wanted) {
    if (c->wants_out == wanted) return;
    c->wants_out = wanted;
    struct epoll_event event = {.events = EPOLLIN | (wanted ? EPOLLOUT : 0), .data.ptr = c};
    epoll_ctl(epoll, EPOLL_CTL_MOD, c->fd, &event);
}

static void lose(client *c, const char *why) {
    if (c->state == LOST) return;
    c->state = LOST;
    epoll_ctl(epoll, EPOLL_CTL_DEL, c->fd, NULL);
    if (++errors < 5) fprintf(stderr, "connection %d lost: %s\n", c->index, why);
}

static void write_to(client *c, const void *data, uint32_t length) {
    int error = bytes_send(&c->unsent, c->fd, data, length);
    if (error) lose(c, strerror(error));
    if (c->unsent.length) want_out(c, true);
}

static void write_frame(client *c, const frame *f) {
    write_to(c, f->at, f->length);
}

static uint8_t batch[1 << 22];
static uint32_t batch_length;

static inline void batch_call(client *c, const frame *f, uint64_t due) {
    if (batch_length + f->length > sizeof batch) fail("batch too long", "", 0);
    uint8_t *copy = batch + batch_length;
    memcpy(copy, f->at, f->length);
    batch_length += f->length;
    if (!f->id && !options.raw) return;
    uint32_t id = FIRST_ID + c->called++;
    if (c->due) c->due[id & (ring - 1)] = due;
    patch_id(f, copy, id);
}

static inline void write_batch(client *c) {
    write_to(c, batch, batch_length);
    batch_length = 0;
}

static void call_echo(client *c, int times, uint64_t due) {
    while (times-- > 0)
        batch_call(c, &echo_call, due);
    write_batch(c);
}

// Calls without an id and one with, whose answer tells that all of them were served.
static void call_burst(client *c, uint64_t due) {
    for (int i = 0; i < options.burst; i++)
        batch_call(c, &send_call, due);
    call_echo(c, 1, due);
}

static void call_stream(client *c, uint64_t due) {
    c->items = 0;
    batch_call(c, &stream_call, due);
    write_batch(c);
}

// Says what has come since the last time, as clients do that may come back.
static void acknowledge(client *c) {
    if (c->acknowledged == c->numbered) return;
    char text[64];
    snprintf(text, sizeof text, "{\"type\":8,\"sequenceId\":%u}%c", c->numbered, END_OF_RECORD);
    frame ack = make_text(text);
    write_frame(c, &ack);
    free(ack.at);
    c->acknowledged = c->numbered;
}

// Publishes come from client 0. The n-th delivery of every client belongs to the n-th publish.
static uint64_t publish_due[MOST_PUBLISHES];
static uint32_t deliveries_left[MOST_PUBLISHES], published;

static void publish(void) {
    uint32_t n = published++ % MOST_PUBLISHES;
    publish_due[n] = now();
    deliveries_left[n] = options.members ? options.members : options.connections;
    batch_call(&clients[0], &publish_call, 0);
    write_batch(&clients[0]);
}

// ---- what arrives

static void opened_now(client *c) {
    c->state = OPEN;
    opened++;
}

// Client behind all others that wants everything there is and reads it slowly, whenever we look after it.
static bool is_slow(client *c) {
    return c->index == options.connections && options.mode != CONNECT;
}

static void handshake_done(client *c) {
    if (is_slow(c)) {
        c->state = OPEN;
        epoll_ctl(epoll, EPOLL_CTL_DEL, c->fd, NULL);
        write_frame(c, &endless_call);
    } else if (options.mode == CONNECT) {
        c->state = CLOSING;
        if (options.raw) {
            write_frame(c, &ws_close);
            return;
        }
        memcpy(batch, hub_close.at, hub_close.length);
        memcpy(batch + hub_close.length, ws_close.at, ws_close.length);
        write_to(c, batch, hub_close.length + ws_close.length);
    } else if (options.mode == BROADCAST && c->index < options.members) {
        c->state = JOINING;
        batch_call(c, &join_call, 0);
        write_batch(c);
    } else {
        opened_now(c);
    }
}

static void check_argument(client *c, const uint8_t *record, uint32_t length) {
    if (c->checked) return;
    c->checked = true;
    if (!memmem(record, length, argument, options.size)) fail("not the text that was sent", record, length);
}

static uint32_t echoes_due;  // answers of the read at hand, each to be followed by a call

static inline void on_completion(client *c, uint32_t id, const uint8_t *record, uint32_t length, bool error) {
    if (error) fail("a call failed", record, length);
    if (c->state == JOINING) {
        opened_now(c);
        return;
    }
    if (id - FIRST_ID >= c->called) fail("unknown id", record, length);
    uint64_t time = now();
    switch (options.mode) {
        case SEND:
            if (measuring) {
                done += options.burst;
                histogram_add(&latencies, time - c->due[id & (ring - 1)]);
            }
            call_burst(c, time);
            return;
        case ECHO:
        case FIXED:
        case IDLE:
            check_argument(c, record, length);
            c->answered++;
            if (options.mode == ECHO) echoes_due++;
            if (!measuring) return;
            done++;
            if (c->due) histogram_add(&latencies, time - c->due[id & (ring - 1)]);
            return;
        case STREAM:
            if (c->items != (uint32_t)options.items) fail("not as many items as were asked for", record, length);
            if (measuring) histogram_add(&latencies, time - c->due[id & (ring - 1)]);
            call_stream(c, time);
            return;
        default: return;
    }
}

static inline void on_item(client *c, const uint8_t *record, uint32_t length) {
    check_argument(c, record, length);
    c->items++;
    if (measuring) done++;
}

static inline void on_delivery(client *c, const uint8_t *record, uint32_t length) {
    if (options.mode != BROADCAST) return;
    check_argument(c, record, length);
    uint32_t n = c->deliveries++ % MOST_PUBLISHES;
    if (measuring) {
        done++;
        histogram_add(&latencies, now() - publish_due[n]);
    }
    if (--deliveries_left[n] == 0) publish();
}

static void on_completion_record(client *c, const uint8_t *record, uint32_t length) {
    static const char id_property[] = "\"invocationId\":\"";
    const uint32_t id_length = sizeof id_property - 1, usual = sizeof "{\"type\":3," - 1;
    if (length > usual + id_length + 11 && !memcmp(record + usual, id_property, id_length)) {
        const uint8_t *id = record + usual + id_length;
        on_completion(c, read_id(id), record, length, id[11] == 'e');
        return;
    }
    const uint8_t *id = memmem(record, length, id_property, id_length);
    if (!id) fail("completion without an id", record, length);
    on_completion(c, read_id(id + id_length), record, length, memmem(record, length, "\"error\":", 8));
}

static void on_record(client *c, const uint8_t *record, uint32_t length) {
    if (options.raw) {
        if (options.mode == BROADCAST) {
            on_delivery(c, record, length);
        } else {
            on_completion(c, FIRST_ID + c->answered, record, length, false);
        }
        return;
    }
    if (c->state == HANDSHAKE) {
        if (length != 2 || memcmp(record, "{}", 2)) fail("handshake refused", record, length);
        handshake_done(c);
        return;
    }
    static const char type_property[] = "\"type\":";
    const uint32_t type_length = sizeof type_property - 1;
    const uint8_t *type = length > 9 && !memcmp(record + 1, type_property, type_length)
                              ? record + 1
                              : memmem(record, length, type_property, type_length);
    if (!type) fail("no type", record, length);
    switch (type[type_length]) {
        case '1':
            c->numbered++;
            on_delivery(c, record, length);
            return;
        case '2':
            c->numbered++;
            on_item(c, record, length);
            return;
        case '3':
            c->numbered++;
            on_completion_record(c, record, length);
            return;
        case '6': return;
        case '8': return;
        case '7':
            if (c->state != CLOSING) fail("closed by the hub", record, length);
            return;
        default: fail("unexpected message", record, length);
    }
}

// The handshake is JSON all the same.
static inline bool is_packed(client *c) {
    return options.packed && c->state != HANDSHAKE;
}

// What stands before the id of a completion: [3, {}, "12345678", …]
static const uint8_t packed_completion[] = {0x95, 3, 0x80, 0xa8};

static void on_packed(client *c, const uint8_t *record, uint32_t length) {
    if (length > 12 && !memcmp(record, packed_completion, sizeof packed_completion)) {
        on_completion(c, read_id(record + 4), record, length, record[12] == 1);
        return;
    }
    if (length < 2) fail("no type", record, length);
    switch (record[1]) {
        case 1: on_delivery(c, record, length); return;
        case 6: return;
        case 7:
            if (c->state != CLOSING) fail("closed by the hub", record, length);
            return;
        default: fail("unexpected message", record, length);
    }
}

// Hands over the messages that are whole and returns how many bytes they were.
static uint32_t cut_packed(client *c, const uint8_t *input, uint32_t length) {
    uint32_t from = 0;
    while (from < length) {
        uint32_t size = 0, at = from, shift = 0;
        do {
            size |= (input[at] & 127u) << shift;
            shift += 7;
        } while (input[at++] > 127 && at < length);
        if (input[at - 1] > 127 || length - at < size) break;
        on_packed(c, input + at, size);
        from = at + size;
    }
    return from;
}

static void on_packed_payload(client *c, const uint8_t *payload, uint64_t length) {
    if (!c->pending.length) {
        uint32_t used = cut_packed(c, payload, length);
        if (used < length) bytes_append(&c->pending, payload + used, length - used);
        return;
    }
    bytes_append(&c->pending, payload, length);
    uint32_t used = cut_packed(c, c->pending.at + c->pending.from, c->pending.length);
    c->pending.from += used;
    c->pending.length -= used;
    if (!c->pending.length) c->pending.from = 0;
}

// Cuts payloads into records, which may share a frame or be spread over several. A raw server's record is a frame.
static void on_payload(client *c, const uint8_t *payload, uint64_t length, bool end_of_frame) {
    const uint8_t *end = payload + length, *mark;
    if (options.raw) {
        bytes_append(&c->pending, payload, length);
        if (!end_of_frame) return;
        on_record(c, c->pending.at + c->pending.from, c->pending.length);
        c->pending.from = c->pending.length = 0;
        return;
    }
    for (; payload < end && !is_packed(c) && (mark = memchr(payload, END_OF_RECORD, end - payload));
         payload = mark + 1) {
        if (!c->pending.length) {
            on_record(c, payload, mark - payload);
            continue;
        }
        bytes_append(&c->pending, payload, mark - payload);
        on_record(c, c->pending.at + c->pending.from, c->pending.length);
        c->pending.from = c->pending.length = 0;
    }
    if (payload == end) return;
    if (is_packed(c)) {
        on_packed_payload(c, payload, end - payload);
    } else {
        bytes_append(&c->pending, payload, end - payload);
    }
}

// True when the header of the next frame is complete.
static bool read_header(client *c, uint8_t next) {
    c->header[c->header_length++] = next;
    if (c->header_length < 2) return false;
    uint8_t size = c->header[1] & 127;
    int needed = size < 126 ? 2 : size == 126 ? 4 : 10;
    if (c->header_length < needed) return false;
    c->payload_left = size < 126 ? size : 0;
    for (int i = 2; i < needed; i++)
        c->payload_left = c->payload_left << 8 | c->header[i];
    c->header_length = 0;
    frames_in++;
    return true;
}

static void on_frames(client *c, const uint8_t *input, ssize_t length) {
    for (ssize_t at = 0; at < length && c->state != LOST && c->state != DONE;) {
        if (!c->payload_left) {
            if (!read_header(c, input[at++])) continue;
            if ((c->header[0] & 15) == 8) {
                if (c->state == CLOSING) {
                    c->state = DONE;
                } else {
                    lose(c, "the server sent a close frame");
                }
                return;
            }
            if (c->payload_left) continue;
        }
        uint64_t count = length - at;
        if (count > c->payload_left) count = c->payload_left;
        c->payload_left -= count;
        if ((c->header[0] & 15) < 3) on_payload(c, input + at, count, !c->payload_left && c->header[0] >> 7);
        at += count;
    }
}

// ---- connecting

static void start(client *c, int index) {
    int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (fd < 0) fail_errno("socket");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    struct sockaddr_in from = {.sin_family = AF_INET}, to = {.sin_family = AF_INET, .sin_port = htons(options.port)};
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + index % options.sources);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(fd, (void *)&from, sizeof from)) fail_errno("bind");
    if (connect(fd, (void *)&to, sizeof to) && errno != EINPROGRESS) fail_errno("connect");
    c->fd = fd;
    c->index = index;
    c->state = CONNECTING;
    c->wants_out = true;
    c->header_length = c->payload_left = 0;
    c->pending.from = c->pending.length = c->unsent.from = c->unsent.length = 0;
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT, .data.ptr = c};
    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

static void write_request(client *c, const char *format, const char *query) {
    char request[1024];
    write_to(c, request, snprintf(request, sizeof request, format, options.path, query, options.port));
}

static void on_connected(client *c) {
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error) fail("connect", strerror(error), 300);
    want_out(c, false);
    if (options.negotiate && !c->token) {
        c->state = NEGOTIATING;
        write_request(c,
                      "POST %s/negotiate%s HTTP/1.1\r\nHost: localhost:%d\r\n"
                      "Content-Type: text/plain;charset=UTF-8\r\nContent-Length: 0\r\n\r\n",
                      options.stateful ? "?negotiateVersion=1&useStatefulReconnect=true" : "?negotiateVersion=1");
        return;
    }
    char query[128] = "";
    if (c->token) snprintf(query, sizeof query, "?id=%s", c->token);
    c->state = UPGRADING;
    write_request(c,
                  "GET %s%s HTTP/1.1\r\nHost: localhost:%d\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                  "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
                  query);
}

static void on_negotiated(client *c, const char *answer, const char *body) {
    static const char length_header[] = "content-length:", token_property[] = "\"connectionToken\":\"";
    if (strncmp(answer, "HTTP/1.1 200", 12)) fail("negotiate", answer, c->pending.length);
    const char *length = strcasestr(answer, length_header);
    if (!length || length > body) fail("negotiate without a length", answer, c->pending.length);
    if (strlen(body) < strtoul(length + sizeof length_header - 1, NULL, 10)) return;
    if (options.stateful && !strstr(body, "\"useStatefulReconnect\":true")) fail("not stateful", body, 300);
    const char *token = strstr(body, token_property);
    if (!token) fail("no token", body, 300);
    token += sizeof token_property - 1;
    c->token = strndup(token, strcspn(token, "\""));
    close(c->fd);
    start(c, c->index);
}

static void on_upgraded(client *c, const char *answer, const char *body) {
    if (strncmp(answer, "HTTP/1.1 101", 12)) fail("upgrade", answer, c->pending.length);
    bytes early = c->pending;
    c->pending = (bytes){0};
    uint32_t head = body - (char *)early.at - early.from;
    if (options.raw) {
        handshake_done(c);
    } else {
        c->state = HANDSHAKE;
        write_frame(c, &handshake);
    }
    if (early.length > head) on_frames(c, (uint8_t *)body, early.length - head);
    free(early.at);
}

static void on_http(client *c, const uint8_t *input, ssize_t length) {
    bytes_append(&c->pending, input, length);
    const char *answer = (char *)c->pending.at + c->pending.from, *end = strstr(answer, "\r\n\r\n");
    if (!end) return;
    if (c->state == NEGOTIATING) {
        on_negotiated(c, answer, end + 4);
    } else {
        on_upgraded(c, answer, end + 4);
    }
}

static void on_event(client *c, uint32_t events) {
    static uint8_t input[1 << 18];
    if (c->state == LOST || c->state == DONE) return;
    if (c->state == CONNECTING) {
        if (events & EPOLLOUT) on_connected(c);
        return;
    }
    if ((events & EPOLLOUT) && c->unsent.length) {
        int error = bytes_drain(&c->unsent, c->fd);
        if (error) lose(c, strerror(error));
        if (!c->unsent.length) want_out(c, false);
    }
    if (!(events & (EPOLLIN | EPOLLHUP | EPOLLERR))) return;
    ssize_t count = recv(c->fd, input, sizeof input, 0);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) {
        if (c->state == CLOSING) {
            c->state = DONE;
        } else {
            lose(c, count ? strerror(errno) : "end of stream");
        }
        return;
    }
    reads++;
    if (c->state == NEGOTIATING || c->state == UPGRADING) {
        on_http(c, input, count);
        return;
    }
    echoes_due = 0;
    on_frames(c, input, count);
    if (echoes_due && c->state == OPEN) call_echo(c, echoes_due, now());
}
