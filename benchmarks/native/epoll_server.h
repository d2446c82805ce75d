// What both reference servers share: one thread, one epoll, one read for each readiness, everything that a read gives
// rise to sent in one piece. Nothing is checked that a well-behaved client does right. A server includes this file and
// defines the functions declared here.
#pragma once
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "bytes.h"

#define NOWHERE (-1)
#define HEADER_MAX 10

typedef struct {
    int fd, in_all, in_group;  // places in the sets, or NOWHERE
    bool upgraded, handshaken, wants_out;
    bytes rest, unsent;
} connection;

typedef struct {
    connection **members;
    int count, capacity;
} set;

static set all, group;
static uint8_t answers[1 << 20];  // to the read at hand; the first HEADER_MAX bytes are left free
static uint32_t answers_end;
static int epoll;

// One whole message. False to close the connection.
static bool on_message(connection *c, uint8_t *message, uint32_t length);

// After the last message of a read: puts what the answers still need around them. The start of what is to be sent.
static uint8_t *complete_answers(void);

// A connection that has become a WebSocket.
static void on_upgraded(connection *c);

// A request that is no upgrade: writes a JSON body and returns its length, or returns 0 for "not found".
static int on_request(const char *request, char *body);

static inline void answer(const void *data, uint32_t length) {
    memcpy(answers + answers_end, data, length);
    answers_end += length;
}

static uint32_t frame_header(uint8_t *to, uint32_t length) {
    to[0] = 0x81;
    if (length < 126) {
        to[1] = length;
        return 2;
    }
    if (length < 65536) {
        to[1] = 126;
        to[2] = length >> 8;
        to[3] = length;
        return 4;
    }
    to[1] = 127;
    for (int i = 0; i < 8; i++)
        to[2 + i] = i < 4 ? 0 : length >> (8 * (7 - i));
    return 10;
}

static void want_out(connection *c, bool wanted) {
    if (c->wants_out == wanted) return;
    c->wants_out = wanted;
    struct epoll_event event = {.events = EPOLLIN | (wanted ? EPOLLOUT : 0), .data.ptr = c};
    epoll_ctl(epoll, EPOLL_CTL_MOD, c->fd, &event);
}

// Errors are left to the next read, which finds them too.
static void send_to(connection *c, const void *data, uint32_t length) {
    bytes_send(&c->unsent, c->fd, data, length);
    if (c->unsent.length) want_out(c, true);
}

static void drain(connection *c) {
    bytes_drain(&c->unsent, c->fd);
    if (c->unsent.length) return;
    bytes_free(&c->unsent);
    want_out(c, false);
}

static int *place(const set *s, connection *c) {
    return s == &all ? &c->in_all : &c->in_group;
}

static void join(set *s, connection *c) {
    if (s->count == s->capacity) {
        s->capacity = s->capacity ? s->capacity * 2 : 1024;
        s->members = realloc(s->members, s->capacity * sizeof *s->members);
    }
    *place(s, c) = s->count;
    s->members[s->count++] = c;
}

static void leave(set *s, connection *c) {
    int at = *place(s, c);
    if (at == NOWHERE) return;
    connection *last = s->members[--s->count];
    s->members[at] = last;
    *place(s, last) = at;
}

static void send_to_set(const set *s, const void *data, uint32_t length) {
    for (int i = 0; i < s->count; i++)
        send_to(s->members[i], data, length);
}

static void close_connection(connection *c) {
    leave(&all, c);
    leave(&group, c);
    close(c->fd);
    bytes_free(&c->rest);
    bytes_free(&c->unsent);
    free(c);
}

static inline void unmask(uint8_t *to, const uint8_t *from, uint32_t length, uint32_t mask) {
    uint64_t wide = (uint64_t)mask << 32 | mask, word;
    uint32_t i = 0;
    for (; i + 8 <= length; i += 8) {
        memcpy(&word, from + i, 8);
        word ^= wide;
        memcpy(to + i, &word, 8);
    }
    for (; i < length; i++)
        to[i] = from[i] ^ ((uint8_t *)&mask)[i & 3];
}

// Reads whole frames; returns how much that was, or -1 to close. A frame above 64 KB is more than was agreed on.
static int read_frames(connection *c, const uint8_t *input, uint32_t length) {
    static uint8_t message[1 << 16];
    uint32_t at = 0;
    answers_end = HEADER_MAX;
    while (length - at >= 6) {
        const uint8_t *frame = input + at;
        uint32_t size = frame[1] & 127, header = 2;
        if (size == 127) return -1;
        if (size == 126) {
            if (length - at < 8) break;
            size = frame[2] << 8 | frame[3];
            header = 4;
        }
        if (length - at < header + 4 + size) break;
        uint32_t mask;
        memcpy(&mask, frame + header, 4);
        if ((frame[0] & 15) == 8) {
            send_to(c, "\x88\x02\x03\xe8", 4);
            return -1;
        }
        unmask(message, frame + header + 4, size, mask);
        if (!on_message(c, message, size)) return -1;
        at += header + 4 + size;
    }
    if (answers_end > HEADER_MAX) {
        uint8_t *start = complete_answers();
        send_to(c, start, answers + answers_end - start);
    }
    return at;
}

static uint32_t rotate(uint32_t x, int bits) {
    return x << bits | x >> (32 - bits);
}

static void sha1_block(uint32_t h[5], const uint8_t *block) {
    uint32_t w[80], a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
    for (int i = 0; i < 16; i++)
        w[i] = block[4 * i] << 24 | block[4 * i + 1] << 16 | block[4 * i + 2] << 8 | block[4 * i + 3];
    for (int i = 16; i < 80; i++)
        w[i] = rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    for (int i = 0; i < 80; i++) {
        uint32_t f = i < 20   ? ((b & c) | (~b & d)) + 0x5A827999
                     : i < 40 ? (b ^ c ^ d) + 0x6ED9EBA1
                     : i < 60 ? ((b & c) | (b & d) | (c & d)) + 0x8F1BBCDC
                              : (b ^ c ^ d) + 0xCA62C1D6;
        uint32_t next = rotate(a, 5) + f + e + w[i];
        e = d, d = c, c = rotate(b, 30), b = a, a = next;
    }
    h[0] += a, h[1] += b, h[2] += c, h[3] += d, h[4] += e;
}

// The answer to Sec-WebSocket-Key (RFC 6455, 4.2.2): 24 characters and the fixed text fill two blocks of SHA-1.
static void accept_key(const char *key, char answer[29]) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint32_t h[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
    uint8_t block[128] = {0}, digest[21] = {0};
    memcpy(block, key, 24);
    memcpy(block + 24, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", 36);
    block[60] = 0x80;
    block[126] = 480 >> 8;
    block[127] = 480 & 255;
    sha1_block(h, block);
    sha1_block(h, block + 64);
    for (int i = 0; i < 20; i++)
        digest[i] = h[i / 4] >> (24 - 8 * (i % 4));
    for (int i = 0; i < 7; i++) {
        uint32_t three = digest[3 * i] << 16 | digest[3 * i + 1] << 8 | digest[3 * i + 2];
        for (int j = 0; j < 4; j++)
            answer[4 * i + j] = digits[three >> (18 - 6 * j) & 63];
    }
    answer[27] = '=';
    answer[28] = 0;
}

// Reads one request without a body; returns its length, or 0 if it is not all there.
static int read_request(connection *c, char *input, uint32_t length) {
    char *end = memmem(input, length, "\r\n\r\n", 4), out[1024];
    if (!end) return 0;
    end[2] = 0;
    char *key = strcasestr(input, "sec-websocket-key: ");
    int size;
    if (key) {
        char accepted[29];
        accept_key(key + 19, accepted);
        size = sprintf(out,
                       "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                       "Sec-WebSocket-Accept: %s\r\n\r\n",
                       accepted);
        c->upgraded = true;
        on_upgraded(c);
    } else {
        char body[512];
        int body_size = on_request(input, body);
        size = sprintf(out, "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%.*s",
                       body_size ? "200 OK" : "404 Not Found", body_size, body_size, body);
    }
    send_to(c, out, size);
    return end + 4 - input;
}

static void accept_all(int listener) {
    int one = 1;
    for (int fd; (fd = accept4(listener, 0, 0, SOCK_NONBLOCK)) >= 0;) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        connection *c = calloc(1, sizeof *c);
        c->fd = fd;
        c->in_all = c->in_group = NOWHERE;
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
        epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
    }
}

static void read_from(connection *c) {
    static uint8_t input[1 << 18];
    uint32_t length = c->rest.length;
    if (length) memcpy(input, c->rest.at + c->rest.from, length);
    ssize_t count = recv(c->fd, input + length, sizeof input - length - 1, 0);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) {
        close_connection(c);
        return;
    }
    length += count;
    input[length] = 0;
    int used = c->upgraded ? read_frames(c, input, length) : read_request(c, (char *)input, length);
    if (used < 0) {
        close_connection(c);
        return;
    }
    bytes_free(&c->rest);
    if (length > (uint32_t)used) bytes_append(&c->rest, input + used, length - used);
}

static int listen_at(int port) {
    int one = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(listener, (void *)&address, sizeof address) || listen(listener, 4096)) {
        perror("bind");
        exit(1);
    }
    return listener;
}

static void serve(int port) {
    static struct epoll_event events[1024];
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    int listener = listen_at(port);
    epoll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN};
    epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
    fprintf(stderr, "READY\n");
    for (;;) {
        int count = epoll_wait(epoll, events, 1024, -1);
        for (int i = 0; i < count; i++) {
            connection *c = events[i].data.ptr;
            if (!c) {
                accept_all(listener);
                continue;
            }
            if (events[i].events & EPOLLOUT) drain(c);
            if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) read_from(c);
        }
    }
}
