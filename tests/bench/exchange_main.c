/*
 * exchange_main.c - the simulated Exchange as a program of its own
 *
 *     build/exchange [--version 2016] [--port N] [--tls] [--auth basic,ntlm]
 *                    [--demo] [--user ADDRESS:PASSWORD]... [--count N]
 *                    [--latency MS]
 *
 * Prints "url ..." and, with TLS, "ca FILE"; then obeys commands from standard input,
 * one a line, each answered by one line, until "quit" or the end.  `help` lists them.
 * Messages of --count go to the inbox of every user.
 */
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "tests/exchange/exchange.h"

#define WORDS 16

/* --- Names of things ----------------------------------------------------------- */

struct name {
    const char *name;
    int value;
};

/* clang-format off */
static const struct name versions[] = {
    { "2007",     EXCHANGE_2007_SP1 },
    { "2010",     EXCHANGE_2010_SP1 },
    { "2010_SP2", EXCHANGE_2010_SP2 },
    { "2013",     EXCHANGE_2013_SP1 },
    { "2016",     EXCHANGE_2016 },
    { "2019",     EXCHANGE_2019 },
    { NULL, 0 },
};

static const struct name faults[] = {
    { "401",            FAULT_HTTP_401 },
    { "429",            FAULT_HTTP_429 },
    { "500",            FAULT_HTTP_500 },
    { "503",            FAULT_HTTP_503 },
    { "busy",           FAULT_SERVER_BUSY },
    { "busy_inner",     FAULT_SERVER_BUSY_INNER },
    { "item_transient", FAULT_ITEM_TRANSIENT },
    { "item_corrupt",   FAULT_ITEM_CORRUPT },
    { "batch_stopped",  FAULT_BATCH_STOPPED },
    { "reset_before",   FAULT_RESET_BEFORE },
    { "reset_after",    FAULT_RESET_AFTER },
    { "truncated",      FAULT_TRUNCATED },
    { "malformed",      FAULT_MALFORMED },
    { "slow",           FAULT_SLOW },
    { "hang",           FAULT_HANG },
    { "login_page",     FAULT_LOGIN_PAGE },
    { "response_code",  FAULT_RESPONSE_CODE },
    { NULL, 0 },
};
/* clang-format on */

static bool find_name(const struct name *names, const char *text, int *value_out)
{
    for (; names->name != NULL; names++)
        if (str_equal_nocase(names->name, text)) {
            *value_out = names->value;
            return true;
        }
    return false;
}

/* --- Commands -------------------------------------------------------------------- */

/* Words of a line; missing ones are "". */
struct line {
    struct exchange *exchange;
    const char *words[WORDS];
    size_t count;
};

static void say_ok(void)
{
    puts("ok");
}

static void run_calls(const struct line *line)
{
    const char *operation = line->words[1];
    printf("%u\n", exchange_calls(line->exchange,
                                  operation[0] != '\0' ? operation : NULL));
}

static void run_reset(const struct line *line)
{
    exchange_reset_calls(line->exchange);
    say_ok();
}

static void run_peak(const struct line *line)
{
    printf("%u\n", exchange_peak(line->exchange));
}

static void run_latency(const struct line *line)
{
    exchange_set_latency(line->exchange, (unsigned)atoi(line->words[1]));
    say_ok();
}

static void run_clear(const struct line *line)
{
    exchange_clear_faults(line->exchange);
    say_ok();
}

/* What follows the fault's name: keys with values. */
static void read_rule(const struct line *line, struct exchange_fault_rule *rule)
{
    for (size_t i = 3; i + 1 < line->count; i += 2) {
        const char *key = line->words[i], *value = line->words[i + 1];
        if (str_equal(key, "times"))
            rule->times = str_equal(value, "ever") ? UINT_MAX
                                                   : (unsigned)atoi(value);
        else if (str_equal(key, "skip"))
            rule->skip = (unsigned)atoi(value);
        else if (str_equal(key, "parameter"))
            rule->parameter = atol(value);
        else if (str_equal(key, "code"))
            rule->code = value;
    }
}

static void run_fault(const struct line *line)
{
    int fault;
    if (!find_name(faults, line->words[2], &fault)) {
        printf("error no fault named %s\n", line->words[2]);
        return;
    }
    struct exchange_fault_rule rule = {
        .operation = str_equal(line->words[1], "any") ? NULL : line->words[1],
        .fault = (enum exchange_fault)fault,
        .times = 1,
    };
    read_rule(line, &rule);
    exchange_set_fault(line->exchange, &rule);
    say_ok();
}

/* NULL, the inbox, where none is named. */
static const char *folder_of(const struct line *line, size_t word)
{
    return line->words[word][0] != '\0' ? line->words[word] : NULL;
}

static void run_count(const struct line *line)
{
    printf("%zu\n", exchange_count(line->exchange, line->words[1],
                                   folder_of(line, 2)));
}

static void run_folder(const struct line *line)
{
    exchange_add_folder(line->exchange, line->words[1], line->words[2]);
    say_ok();
}

static void run_limit(const struct line *line)
{
    exchange_set_message_limit(line->exchange,
                               strtoull(line->words[1], NULL, 10));
    say_ok();
}

static void run_fill(const struct line *line)
{
    exchange_fill(line->exchange, line->words[1], folder_of(line, 3),
                  (size_t)atol(line->words[2]));
    say_ok();
}

static void run_people(const struct line *line)
{
    exchange_fill_directory(line->exchange, (size_t)atol(line->words[1]));
    say_ok();
}

static void run_help(const struct line *line);

/* clang-format off */
static const struct command {
    const char *name;
    void (*run)(const struct line *line);
    const char *help;
} commands[] = {
    { "calls",   run_calls,   "calls [OPERATION]" },
    { "reset",   run_reset,   "reset" },
    { "peak",    run_peak,    "peak" },
    { "latency", run_latency, "latency MS" },
    { "fault",   run_fault,   "fault OPERATION|any NAME [times N|ever] [skip N] [parameter N] "
                              "[code CODE]" },
    { "clear",   run_clear,   "clear" },
    { "count",   run_count,   "count USER [FOLDER]" },
    { "folder",  run_folder,  "folder USER FOLDER" },
    { "fill",    run_fill,    "fill USER N [FOLDER]" },
    { "people",  run_people,  "people N" },
    { "limit",   run_limit,   "limit OCTETS" },
    { "help",    run_help,    "help" },
};
/* clang-format on */

#define COMMANDS (sizeof commands / sizeof *commands)

static void run_help(const struct line *line)
{
    (void)line;
    for (size_t i = 0; i < COMMANDS; i++)
        printf("%s%s", commands[i].help, i + 1 < COMMANDS ? "; " : "\n");
}

static void run_line(struct exchange *exchange, struct arena *arena,
                     const char *text)
{
    struct line line = { .exchange = exchange };
    char **words = str_split(arena, text, " \t\r\n");

    for (size_t i = 0; i < WORDS; i++)
        line.words[i] = "";
    for (; words[line.count] != NULL && line.count < WORDS; line.count++)
        line.words[line.count] = words[line.count];
    for (size_t i = 0; i < COMMANDS; i++)
        if (str_equal(commands[i].name, line.words[0])) {
            commands[i].run(&line);
            return;
        }
    printf("error no command named %s\n", line.words[0]);
}

static void obey(struct exchange *exchange)
{
    struct arena *arena = arena_new();
    char text[1024];

    while (fgets(text, sizeof text, stdin) != NULL && strcmp(text, "quit\n") != 0) {
        run_line(exchange, arena, text);
        fflush(stdout);
        arena_reset(arena);
    }
    arena_free(&arena);
}

/* --- Options ------------------------------------------------------------------------ */

struct options {
    int version;
    uint16_t port;
    bool tls, demo;
    unsigned auth, latency;
    size_t count;
    const char *users[WORDS];
    size_t user_count;
};

enum { VERSION = 1, PORT, TLS, AUTH, DEMO, USER, COUNT, LATENCY };

static const struct option long_options[] = {
    { "version", required_argument, NULL, VERSION },
    { "port", required_argument, NULL, PORT },
    { "tls", no_argument, NULL, TLS },
    { "auth", required_argument, NULL, AUTH },
    { "demo", no_argument, NULL, DEMO },
    { "user", required_argument, NULL, USER },
    { "count", required_argument, NULL, COUNT },
    { "latency", required_argument, NULL, LATENCY },
    { NULL, 0, NULL, 0 },
};

static bool set_option(struct options *options, int option, const char *value)
{
    switch (option) {
    case VERSION:
        return find_name(versions, value, &options->version);
    case PORT:
        options->port = (uint16_t)atoi(value);
        return true;
    case TLS:
        return options->tls = true;
    case AUTH:
        options->auth =
            (strstr(value, "basic") != NULL ? (unsigned)EXCHANGE_BASIC : 0) |
            (strstr(value, "ntlm") != NULL ? (unsigned)EXCHANGE_NTLM : 0);
        return options->auth != 0;
    case DEMO:
        return options->demo = true;
    case USER:
        if (options->user_count == WORDS || strchr(value, ':') == NULL)
            return false;
        options->users[options->user_count++] = value;
        return true;
    case COUNT:
        options->count = (size_t)atol(value);
        return true;
    case LATENCY:
        options->latency = (unsigned)atoi(value);
        return true;
    default:
        return false;
    }
}

static void add_user(struct exchange *exchange, const char *pair, size_t count)
{
    char *address = strdup(pair);
    char *password = strchr(address, ':');

    *password++ = '\0';
    exchange_add_user(exchange, address, address, password, "en");
    exchange_fill(exchange, address, NULL, count);
    free(address);
}

static struct exchange *make_exchange(const struct options *options)
{
    struct exchange *exchange =
        exchange_new((enum exchange_version)options->version);

    if (options->demo)
        exchange_add_demo(exchange);
    for (size_t i = 0; i < options->user_count; i++)
        add_user(exchange, options->users[i], options->count);
    exchange_set_latency(exchange, options->latency);
    return exchange;
}

int main(int argc, char **argv)
{
    struct options options = { .version = EXCHANGE_2016,
                               .auth = EXCHANGE_BASIC | EXCHANGE_NTLM };
    int option;

    while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1)
        if (!set_option(&options, option, optarg)) {
            fprintf(stderr, "%s: see the head of %s\n", argv[0], __FILE__);
            return 2;
        }

    struct exchange *exchange = make_exchange(&options);
    if (exchange_serve(exchange, options.port, options.tls, options.auth) == 0) {
        fprintf(stderr, "%s: cannot listen\n", argv[0]);
        exchange_free(&exchange);
        return 1;
    }
    printf("url %s\n", exchange_url(exchange));
    if (options.tls)
        printf("ca %s\n", exchange_ca_file(exchange));
    fflush(stdout);
    obey(exchange);
    exchange_stop(exchange);
    exchange_free(&exchange);
    return 0;
}
