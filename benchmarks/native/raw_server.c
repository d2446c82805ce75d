// c-raw: what the kernel takes for an answered message at the very least. A WebSocket server that echoes every message,
// and sends one that starts with '[' to everybody instead.
//   raw_server PORT
#define _GNU_SOURCE
#include "epoll_server.h"

static bool on_message(connection *c, uint8_t *message, uint32_t length) {
    (void)c;
    if (length && message[0] == '[') {
        uint8_t frame[HEADER_MAX + (1 << 16)];
        uint32_t header = frame_header(frame, length);
        memcpy(frame + header, message, length);
        send_to_set(&all, frame, header + length);
        return true;
    }
    answers_end += frame_header(answers + answers_end, length);
    answer(message, length);
    return true;
}

static uint8_t *complete_answers(void) {
    return answers + HEADER_MAX;
}

static void on_upgraded(connection *c) {
    join(&all, c);
}

static int on_request(const char *request, char *body) {
    (void)request, (void)body;
    return 0;
}

int main(int count, char **arguments) {
    if (count != 2) return fprintf(stderr, "raw_server PORT\n"), 2;
    serve(atoi(arguments[1]));
}
