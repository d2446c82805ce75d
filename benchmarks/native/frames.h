// What the generator sends, encoded and masked once; only the invocation id is patched in.
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define END_OF_RECORD 0x1e
#define FIRST_ID 10000000u  // ids have 8 digits, so that a call is as long as any other

typedef struct {
    uint8_t *at;
    uint32_t length, payload, id;  // where payload and id start; 0: no id
} frame;

static const uint8_t mask[4] = {0x37, 0xfa, 0x21, 0x3d};

static frame make_frame(int opcode, const char *payload, uint32_t length) {
    frame f = {.at = malloc(length + 14)};
    f.at[f.length++] = 0x80 | opcode;
    if (length < 126) {
        f.at[f.length++] = 0x80 | length;
    } else if (length < 65536) {
        f.at[f.length++] = 0x80 | 126;
        f.at[f.length++] = length >> 8;
        f.at[f.length++] = length;
    } else {
        f.at[f.length++] = 0x80 | 127;
        for (int i = 7; i >= 0; i--)
            f.at[f.length++] = i > 3 ? 0 : length >> (8 * i);
    }
    memcpy(f.at + f.length, mask, 4);
    f.length += 4;
    f.payload = f.length;
    for (uint32_t i = 0; i < length; i++)
        f.at[f.length++] = payload[i] ^ mask[i & 3];
    return f;
}

static frame make_text(const char *text) {
    return make_frame(1, text, strlen(text));
}

static frame make_close(void) {
    return make_frame(8, "\x03\xe8", 2);
}

// A message of that type with its arguments in JSON, with or without an id.
static frame make_message(int type, const char *target, const char *arguments, int with_id) {
    char *text = malloc(strlen(target) + strlen(arguments) + 128);
    int length = sprintf(text, "{\"type\":%d,", type), id = length + (int)strlen("\"invocationId\":\"");
    if (with_id) length += sprintf(text + length, "\"invocationId\":\"%u\",", FIRST_ID);
    length += sprintf(text + length, "\"target\":\"%s\",\"arguments\":[%s]}%c", target, arguments, END_OF_RECORD);
    frame f = make_frame(1, text, length);
    if (with_id) f.id = f.payload + id;
    free(text);
    return f;
}

// An invocation with one or two strings, with or without an id.
static frame make_call(const char *target, const char *first, const char *second, int with_id) {
    char *arguments = malloc(strlen(first) + (second ? strlen(second) : 0) + 8);
    int length = sprintf(arguments, "\"%s\"", first);
    if (second) sprintf(arguments + length, ",\"%s\"", second);
    frame f = make_message(1, target, arguments, with_id);
    free(arguments);
    return f;
}

static frame make_stream_call(unsigned items) {
    char arguments[16];
    sprintf(arguments, "%u", items);
    return make_message(4, "Stream", arguments, true);
}

// ---- MessagePack

static int pack_string(char *out, const char *text) {
    uint32_t length = strlen(text), head = 0;
    if (length < 32) {
        out[head++] = 0xa0 | length;
    } else if (length < 256) {
        out[head++] = 0xd9;
        out[head++] = length;
    } else {
        out[head++] = 0xda;
        out[head++] = length >> 8;
        out[head++] = length;
    }
    memcpy(out + head, text, length);
    return head + length;
}

// A binary frame with the length of what is in it before it.
static frame make_packed(const char *body, uint32_t length, uint32_t *prefix) {
    char *packed = malloc(length + 5);
    uint32_t at = 0, left = length;
    do {
        packed[at++] = (left & 127) | (left > 127 ? 128 : 0);
        left >>= 7;
    } while (left);
    memcpy(packed + at, body, length);
    frame f = make_frame(2, packed, at + length);
    if (prefix) *prefix = at;
    free(packed);
    return f;
}

static frame make_packed_call(const char *target, const char *first, const char *second, int with_id) {
    char *body = malloc(strlen(target) + strlen(first) + (second ? strlen(second) : 0) + 64), digits[16];
    int length = sprintf(body, "\x95\x01\x80"), id = length + 1;
    sprintf(digits, "%u", FIRST_ID);
    if (with_id) {
        length += pack_string(body + length, digits);
    } else {
        body[length++] = 0xc0;
    }
    length += pack_string(body + length, target);
    body[length++] = second ? 0x92 : 0x91;
    length += pack_string(body + length, first);
    if (second) length += pack_string(body + length, second);
    uint32_t prefix;
    frame f = make_packed(body, length, &prefix);
    if (with_id) f.id = f.payload + prefix + id;
    free(body);
    return f;
}

static inline void patch_id(const frame *f, uint8_t *copy, uint32_t id) {
    if (!f->id) return;
    for (int i = 7; i >= 0; i--, id /= 10) {
        uint32_t at = f->id + i;
        copy[at] = ('0' + id % 10) ^ mask[(at - f->payload) & 3];
    }
}

static inline uint32_t read_id(const uint8_t *digits) {
    uint32_t id = 0;
    for (int i = 0; i < 8; i++)
        id = id * 10 + (digits[i] - '0');
    return id;
}
