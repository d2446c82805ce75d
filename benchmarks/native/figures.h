// What a run is judged by: a clock, a histogram of latencies, and the CPU time that processes used.
#pragma once
#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define SECOND 1000000000ull

static inline uint64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * SECOND + t.tv_nsec;
}

// Log-linear: 64 buckets for each power of two, so a bucket is at most 1.6 % wide.
#define BUCKETS 4096

typedef struct {
    uint64_t buckets[BUCKETS], count, max;
} histogram;

static inline void histogram_add(histogram *h, uint64_t value) {
    int bucket = value;
    if (value >= 64) {
        int exponent = 63 - __builtin_clzll(value);
        bucket = (exponent - 5) * 64 + ((value >> (exponent - 6)) & 63);
        if (bucket >= BUCKETS) bucket = BUCKETS - 1;
    }
    h->buckets[bucket]++;
    h->count++;
    if (value > h->max) h->max = value;
}

static double histogram_quantile(const histogram *h, double quantile) {
    uint64_t wanted = quantile * h->count, seen = 0;
    for (int i = 0; i < BUCKETS; i++) {
        seen += h->buckets[i];
        if (seen <= wanted) continue;
        if (i < 64) return i;
        int exponent = i / 64 + 5;
        uint64_t width = 1ull << (exponent - 6);
        return (64ull + (i & 63)) * width + width / 2.0;
    }
    return h->max;
}

// CPU time in seconds since the start of each: the server (user and system by clock ticks, the sum exactly), this
// process, the whole machine.
typedef struct {
    double user, system, total, generator, machine;
    uint64_t switches;
} usage;

static double server_seconds(int pid) {
    clockid_t clock;
    struct timespec t;
    if (!pid || clock_getcpuclockid(pid, &clock) || clock_gettime(clock, &t)) return 0;
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void read_server_ticks(usage *u, int pid) {
    char name[64], line[1024];
    snprintf(name, sizeof name, "/proc/%d/stat", pid);
    FILE *file = fopen(name, "r");
    if (!file) return;
    line[fread(line, 1, sizeof line - 1, file)] = 0;
    fclose(file);
    unsigned long user = 0, system = 0;
    const char *after_name = strrchr(line, ')');
    if (after_name) sscanf(after_name + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system);
    u->user = (double)user / sysconf(_SC_CLK_TCK);
    u->system = (double)system / sysconf(_SC_CLK_TCK);
}

static void read_server_switches(usage *u, int pid) {
    char name[300], line[256];
    snprintf(name, sizeof name, "/proc/%d/task", pid);
    DIR *threads = opendir(name);
    if (!threads) return;
    for (struct dirent *entry; (entry = readdir(threads));) {
        if (entry->d_name[0] == '.') continue;
        snprintf(name, sizeof name, "/proc/%d/task/%.20s/status", pid, entry->d_name);
        FILE *file = fopen(name, "r");
        unsigned long n;
        while (file && fgets(line, sizeof line, file)) {
            if (sscanf(line, "voluntary_ctxt_switches: %lu", &n) == 1 ||
                sscanf(line, "nonvoluntary_ctxt_switches: %lu", &n) == 1)
                u->switches += n;
        }
        if (file) fclose(file);
    }
    closedir(threads);
}

static double machine_seconds(void) {
    unsigned long user, nice, system, idle, wait, irq, softirq;
    FILE *file = fopen("/proc/stat", "r");
    if (!file) return 0;
    int read = fscanf(file, "cpu %lu %lu %lu %lu %lu %lu %lu", &user, &nice, &system, &idle, &wait, &irq, &softirq);
    fclose(file);
    return read == 7 ? (double)(user + nice + system + irq + softirq) / sysconf(_SC_CLK_TCK) : 0;
}

static usage read_usage(int server) {
    usage u = {.machine = machine_seconds(), .total = server_seconds(server)};
    if (server) {
        read_server_ticks(&u, server);
        read_server_switches(&u, server);
    }
    struct rusage own;
    getrusage(RUSAGE_SELF, &own);
    u.generator = own.ru_utime.tv_sec + own.ru_stime.tv_sec + (own.ru_utime.tv_usec + own.ru_stime.tv_usec) / 1e6;
    return u;
}
