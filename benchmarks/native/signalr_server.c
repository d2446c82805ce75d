// c-signalr: what the hub protocol in JSON takes at the very least. No parser: it knows in which order the generator
// writes the properties, and copies the text of the arguments. One group. All answers to one read share one frame.
//   signalr_server PORT
#define _GNU_SOURCE
#include "epoll_server.h"

#define END_OF_RECORD 0x1e
#define LITERAL(text) text, sizeof(text) - 1

static void publish(const set *to, const uint8_t *argument, uint32_t length) {
    uint8_t frame[HEADER_MAX + (1 << 17)];
    static const char before[] = "{\"type\":1,\"target\":\"m\",\"arguments\":[", after[] = "]}\x1e";
    uint32_t before_length = sizeof before - 1, after_length = sizeof after - 1;
    uint32_t size = before_length + length + after_length, header = frame_header(frame, size);
    memcpy(frame + header, before, before_length);
    memcpy(frame + header + before_length, argument, length);
    memcpy(frame + header + before_length + length, after, after_length);
    send_to_set(to, frame, header + size);
}

// {"type":1,"invocationId":"10000000","target":"Echo","arguments":["…"]}, the id being optional. False to close.
static bool on_record(connection *c, uint8_t *record, uint32_t length) {
    if (!c->handshaken) {
        c->handshaken = true;
        join(&all, c);
        answer(LITERAL("{}\x1e"));
        return true;
    }
    uint8_t type = record[8], *end = record + length, *next = record + 9, *id = NULL;
    if (type == '6') return true;
    if (type == '7') return false;
    uint32_t id_length = 0;
    static const char id_property[] = ",\"invocationId\":\"";
    if (!memcmp(next, id_property, sizeof id_property - 1)) {
        id = next + sizeof id_property - 1;
        id_length = (uint8_t *)memchr(id, '"', end - id) - id;
        next = id + id_length + 1;
    }
    uint8_t *target = next + sizeof ",\"target\":\"" - 1;
    uint8_t *arguments = (uint8_t *)memchr(target, '"', end - target) + sizeof "\",\"arguments\":[" - 1;
    uint8_t *arguments_end = end - 2;
    switch (*target) {
        case 'E':
            answer(LITERAL("{\"type\":3,\"invocationId\":\""));
            answer(id, id_length);
            answer(LITERAL("\",\"result\":"));
            answer(arguments, arguments_end - arguments);
            answer(LITERAL("}\x1e"));
            return true;
        case 'B': publish(&all, arguments, arguments_end - arguments); break;
        case 'T': {
            uint8_t *text = (uint8_t *)memchr(arguments, ',', arguments_end - arguments) + 1;
            publish(&group, text, arguments_end - text);
            break;
        }
        case 'J': join(&group, c); break;
    }
    if (id) {
        answer(LITERAL("{\"type\":3,\"invocationId\":\""));
        answer(id, id_length);
        answer(LITERAL("\"}\x1e"));
    }
    return true;
}

static bool on_message(connection *c, uint8_t *message, uint32_t length) {
    uint8_t *record = message, *end = message + length, *mark;
    while (record < end && (mark = memchr(record, END_OF_RECORD, end - record))) {
        if (!on_record(c, record, mark - record)) return false;
        record = mark + 1;
    }
    return true;
}

static uint8_t *complete_answers(void) {
    uint8_t header[HEADER_MAX];
    uint32_t length = frame_header(header, answers_end - HEADER_MAX);
    memcpy(answers + HEADER_MAX - length, header, length);
    return answers + HEADER_MAX - length;
}

static void on_upgraded(connection *c) {
    (void)c;
}

static int on_request(const char *request, char *body) {
    static unsigned ids;
    if (strncmp(request, "POST /hub/negotiate", 19)) return 0;
    ids += 2;
    return sprintf(
        body,
        "{\"negotiateVersion\":1,\"connectionId\":\"%022u\",\"connectionToken\":\"%022u\","
        "\"availableTransports\":[{\"transport\":\"WebSockets\",\"transferFormats\":[\"Text\",\"Binary\"]}]}",
        ids - 1, ids);
}

int main(int count, char **arguments) {
    if (count != 2) return fprintf(stderr, "signalr_server PORT\n"), 2;
    serve(atoi(arguments[1]));
}
