/*
 * check.c - what may be wrong between here and Exchange
 *
 * Each step depends on those before it, so the first that fails is the trouble.
 */
#include <errno.h>
#include <netdb.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "config/address.h"
#include "config/settings.h"
#include "proxy/base/arena.h"
#include "proxy/base/memory.h"
#include "proxy/base/op.h"
#include "proxy/base/secret.h"
#include "proxy/base/str.h"
#include "proxy/exchange/account.h"
#include "proxy/exchange/backend.h"
#include "proxy/exchange/http/client.h"
#include "proxy/options.h"
#include "proxy/run.h"
#include "proxy/tls.h"

/* The longest password or token that is read. */
#define SECRET_MAX 16384

struct check {
    const struct options *options;
    const struct parts *parts;
    const struct settings *settings;
    struct op op;
    const char *host;
    const char *port;
};

static bool say(bool good, const char *step, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Prints the outcome of a step and returns it. */
static bool say(bool good, const char *step, const char *format, ...)
{
    va_list args;

    printf("%-4s %-12s ", good ? "ok" : "BAD", step);
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
    return good;
}

/* The host and the port of the address of Exchange. */
static bool split_url(struct check *check)
{
    struct arena *arena = check->op.arena;
    const char *url = check->settings->exchange.url;
    bool secure = str_starts_nocase(url, "https://");
    const char *start = strstr(url, "://") + 3;
    char *host = arena_strndup(arena, start, strcspn(start, "/?#"));
    char *colon = strrchr(host, ':');

    check->port = secure ? "443" : "80";
    if (colon != NULL && strchr(colon, ']') == NULL) {
        *colon = '\0';
        check->port = colon + 1;
    }
    if (host[0] == '[') {
        host++;
        host[strcspn(host, "]")] = '\0';
    }
    check->host = host;
    return say(*host != '\0', "address", "%s", url);
}

static bool check_store(struct check *check)
{
    const char *path = check->settings->store.path;

    if (str_equal(path, "memory"))
        return say(true, "store", "in memory");
    if (access(path, F_OK) != 0)
        return say(true, "store", "%s will be made", path);
    if (access(path, R_OK | W_OK | X_OK) != 0)
        return say(false, "store", "%s: %s", path, strerror(errno));
    return say(true, "store", "%s", path);
}

static bool check_certificate(struct check *check)
{
    const struct tls_settings *tls = &check->settings->tls;
    char *problem = NULL;

    if (*tls->certificate == '\0')
        return say(true, "certificate", "none: no TLS towards mail programs");

    struct tls_context *context =
        tls_context_new(tls->certificate, tls->key, &problem);
    bool good = context != NULL;
    say(good, "certificate", "%s", good ? tls->certificate : problem);
    tls_context_unref(&context);
    free(problem);
    return good;
}

/* Whether something listens there. */
static bool can_connect(const struct addrinfo *info, uint32_t patience)
{
    struct timeval limit = { .tv_sec = patience };
    int probe = socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (probe < 0)
        return false;
    setsockopt(probe, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    bool good = connect(probe, info->ai_addr, info->ai_addrlen) == 0;
    int problem = errno;
    close(probe);
    errno = problem;
    return good;
}

static bool check_connection(struct check *check)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *found;
    int problem = getaddrinfo(check->host, check->port, &hints, &found);
    bool good = false;

    if (problem != 0)
        return say(false, "name", "%s: %s", check->host, gai_strerror(problem));

    for (struct addrinfo *info = found; info != NULL && !good;
         info = info->ai_next) {
        char where[ADDRESS_TEXT_SIZE];

        address_format(info->ai_addr, where);
        good = can_connect(info, check->settings->exchange.connect_timeout);
        say(good, "connection", "%s%s%s", where, good ? "" : ": ",
            good ? "" : strerror(errno));
    }
    freeaddrinfo(found);
    return good;
}

static bool ignore_answer(void *context, const char *data, size_t len)
{
    (void)context, (void)data, (void)len;
    return true;
}

/* An empty request without a login: a server that is one asks for it. */
static bool check_answer(struct check *check)
{
    struct secret *nothing = secret_new("", 0);
    struct http_client *client = NULL;
    struct http_call call = { .operation = "check",
                              .body = "",
                              .answer = ignore_answer };
    struct http_answer answer = { 0 };

    http_client_new(&check->op, check->settings, "", nothing, &client);
    secret_free(&nothing);
    if (client != NULL)
        http_post(&check->op, client, &call, 0, &answer);
    http_client_free(&client);

    const char *reason =
        check->op.reason != NULL ? check->op.reason : "no answer";
    if (answer.code == 0)
        return say(false, "answer", "%s", reason);
    if (answer.code == 404)
        return say(false, "answer", "404: Exchange Web Services are not there");
    return say(true, "answer", "HTTP %ld%s", answer.code,
               answer.code == 401 ? ": it asks for a login, as it should" : "");
}

static struct secret *make_secret(bool token, const char *text)
{
    size_t len = strcspn(text, "\r\n");

    return token ? secret_new_token(text, len) : secret_new(text, len);
}

/* Reads a line, "" at the end; a terminal is asked for it and does not show it.
 * Meanwhile Ctrl-C is a character, so that none is left like that. */
static void read_unseen(const char *name, char *line, size_t size)
{
    struct termios shown, hidden;
    bool terminal = tcgetattr(STDIN_FILENO, &shown) == 0;

    if (terminal) {
        hidden = shown;
        hidden.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
        fprintf(stderr, "%s: ", name);
    }
    if (fgets(line, (int)size, stdin) == NULL)
        line[0] = '\0';
    if (terminal) {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
        fputc('\n', stderr);
    }
}

/* From the environment, or the first line of standard input. */
static struct secret *read_secret(const struct settings *settings)
{
    bool token = settings->exchange.tokens == TOKENS_ONLY;
    const char *given = getenv("POSTERN_PASSWORD");
    char line[SECRET_MAX] = "";

    if (given != NULL)
        return make_secret(token, given);
    read_unseen(token ? "Token" : "Password", line, sizeof line);
    struct secret *secret = make_secret(token, line);
    secret_wipe(line, sizeof line);
    return secret;
}

static bool check_login(struct check *check)
{
    const char *user = check->options->user;

    if (user == NULL)
        return say(true, "login", "not tried; say --user NAME");

    struct secret *secret = read_secret(check->settings);
    struct accounts *accounts =
        accounts_new(check->settings, check->parts->backend);
    struct account *account = NULL;
    enum status status = STATUS_INTERNAL;

    check->op.reason = NULL;
    if (accounts != NULL)
        status = account_login(&check->op, accounts, user, secret, &account);
    secret_free(&secret);
    account_unref(&account);
    accounts_free(&accounts);
    if (status == STATUS_OK)
        return say(true, "login", "%s", user);
    return say(false, "login", "%s: %s%s%s", user, status_name(status),
               check->op.reason != NULL ? ": " : "",
               check->op.reason != NULL ? check->op.reason : "");
}

/* A proxy is what we connect to then, and it looks up the name. */
static bool goes_directly(const struct settings *settings)
{
    return *settings->exchange.proxy == '\0' && getenv("https_proxy") == NULL &&
           getenv("HTTPS_PROXY") == NULL && getenv("all_proxy") == NULL;
}

int run_check(const struct options *options, const struct parts *parts)
{
    struct check check = { .options = options, .parts = parts };
    char *problem = NULL;
    struct settings *settings = options_settings(options, &problem);

    if (settings == NULL) {
        say(false, "settings", "%s", problem);
        free(problem);
        return EXIT_SETTINGS;
    }

    struct arena *arena = arena_new();
    op_init(&check.op, arena, "check");
    check.settings = settings;
    bool good = check_store(&check);
    good = check_certificate(&check) && good;
    good = split_url(&check) && good;
    good = good && (!goes_directly(settings) || check_connection(&check)) &&
           check_answer(&check) && check_login(&check);
    arena_free(&arena);
    settings_free(&settings);
    return good ? EXIT_GOOD : EXIT_TROUBLE;
}
