// A growing run of bytes that is filled at its end and emptied from its start.
#pragma once
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

typedef struct {
    uint8_t *at;
    uint32_t from, length, capacity;
} bytes;

// Appends and keeps a zero behind the last byte, so that what is text can be searched as a string.
static void bytes_append(bytes *b, const void *data, uint32_t length) {
    if (b->from + b->length + length + 1 > b->capacity) {
        uint32_t capacity = (b->length + length + 1) * 2;
        uint8_t *larger = malloc(capacity);
        if (b->length) memcpy(larger, b->at + b->from, b->length);
        free(b->at);
        *b = (bytes){.at = larger, .length = b->length, .capacity = capacity};
    }
    memcpy(b->at + b->from + b->length, data, length);
    b->length += length;
    b->at[b->from + b->length] = 0;
}

static void bytes_free(bytes *b) {
    free(b->at);
    *b = (bytes){0};
}

// Sends what the socket takes of the given bytes and keeps the rest. Zero, or an error number.
static int bytes_send(bytes *unsent, int fd, const uint8_t *data, uint32_t length) {
    if (!unsent->length) {
        ssize_t sent = send(fd, data, length, MSG_NOSIGNAL);
        if (sent == (ssize_t)length) return 0;
        if (sent < 0 && errno != EAGAIN) return errno;
        if (sent > 0) data += sent, length -= sent;
        unsent->from = 0;
    }
    bytes_append(unsent, data, length);
    return 0;
}

// Sends what was kept, as far as the socket takes it. Zero, or an error number.
static int bytes_drain(bytes *unsent, int fd) {
    while (unsent->length) {
        ssize_t sent = send(fd, unsent->at + unsent->from, unsent->length, MSG_NOSIGNAL);
        if (sent < 0) return errno == EAGAIN ? 0 : errno;
        unsent->from += sent;
        unsent->length -= sent;
    }
    return 0;
}
