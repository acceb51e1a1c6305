/*
 * echo.c - a small protocol to try connections with
 */
#include "tests/proxy/echo.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <criterion/criterion.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "config/settings.h"
#include "proxy/base/arena.h"
#include "proxy/base/log.h"
#include "proxy/base/memory.h"
#include "proxy/base/op.h"
#include "proxy/base/str.h"
#include "proxy/conn.h"
#include "proxy/porter.h"
#include "proxy/tls.h"

/* How long anything may take; nothing waits for so long unless it fails. */
#define PATIENCE_SECONDS 120

struct echo_counts echo_counts;

/* --- The protocol --- */

struct echo {
    struct conn *conn;
    char word[16];
    char argument[256];
};

static void say(struct conn *conn, const char *text)
{
    conn_send(conn, text, strlen(text));
}

static void *session_new(struct conn *conn, const struct gateway *gateway)
{
    struct echo *echo = memory_new(sizeof *echo);

    (void)gateway;
    echo->conn = conn;
    atomic_fetch_add(&echo_counts.sessions, 1);
    say(conn, conn_has_tls(conn) ? "hello over TLS\n" : "hello\n");
    return echo;
}

static void session_free(void *session)
{
    free(session);
    atomic_fetch_add(&echo_counts.freed, 1);
}

/* What the loop does itself. */
static bool answer_at_once(struct echo *echo)
{
    if (str_equal(echo->word, "say")) {
        say(echo->conn, echo->argument);
        say(echo->conn, "\n");
        return true;
    }
    if (str_equal(echo->word, "stop")) {
        say(echo->conn, "stopped\n");
        return true;
    }
    if (str_equal(echo->word, "loop-tls")) {
        say(echo->conn, "go\n");
        conn_start_tls(echo->conn);
        return true;
    }
    if (str_equal(echo->word, "timeout")) {
        conn_set_timeout(echo->conn, (uint64_t)atoi(echo->argument));
        say(echo->conn, "set\n");
        return true;
    }
    return false;
}

static size_t input(void *session, const char *data, size_t len)
{
    struct echo *echo = session;
    const char *end = memchr(data, '\n', len);

    if (end == NULL) {
        if (len < CONN_WINDOW)
            return 0;
        say(echo->conn, "too long\n");
        conn_close(echo->conn);
        return len;
    }

    size_t line = (size_t)(end - data);
    const char *space = memchr(data, ' ', line);
    size_t word = space != NULL ? (size_t)(space - data) : line;
    snprintf(echo->word, sizeof echo->word, "%.*s", (int)word, data);
    snprintf(echo->argument, sizeof echo->argument, "%.*s",
             space != NULL ? (int)(line - word - 1) : 0,
             space != NULL ? space + 1 : "");
    if (!answer_at_once(echo))
        conn_run(echo->conn);
    return line + 1;
}

static void overtake(void *session, const char *data, size_t len)
{
    struct echo *echo = session;

    if (memmem(data, len, "stop\n", 5) != NULL)
        conn_cancel_job(echo->conn);
}

static bool put(struct echo *echo, const char *text)
{
    bool there = conn_write(echo->conn, text, strlen(text));

    if (!there)
        atomic_fetch_add(&echo_counts.refused_writes, 1);
    return there;
}

static void rest(unsigned milliseconds)
{
    struct timespec time = { milliseconds / 1000,
                             milliseconds % 1000 * 1000000L };

    nanosleep(&time, NULL);
}

static void flood(struct echo *echo, size_t len)
{
    char piece[1000];

    memset(piece, 'x', sizeof piece);
    while (len > 0) {
        size_t part = len < sizeof piece ? len : sizeof piece;

        if (!conn_write(echo->conn, piece, part)) {
            atomic_fetch_add(&echo_counts.refused_writes, 1);
            return;
        }
        len -= part;
    }
}

static void wait_for_cancel(struct op *op)
{
    for (unsigned i = 0; i < PATIENCE_SECONDS * 1000 / 5 && !op_cancelled(op);
         i++)
        rest(5);
    if (op_cancelled(op))
        atomic_fetch_add(&echo_counts.cancelled, 1);
}

static void run(void *session, struct op *op)
{
    struct echo *echo = session;

    atomic_fetch_add(&echo_counts.ran, 1);
    if (str_equal(echo->word, "echo")) {
        put(echo, arena_printf(op->arena, "%s\n", echo->argument));
    } else if (str_equal(echo->word, "flood")) {
        flood(echo, (size_t)atoi(echo->argument));
    } else if (str_equal(echo->word, "sure")) {
        flood(echo, (size_t)atoi(echo->argument));
        if (conn_wait_sent(echo->conn))
            atomic_fetch_add(&echo_counts.sent, 1);
    } else if (str_equal(echo->word, "compress")) {
        put(echo, "go\n");
        conn_start_compression(echo->conn);
    } else if (str_equal(echo->word, "tls?")) {
        put(echo, conn_can_start_tls(echo->conn) ? "yes\n" : "no\n");
    } else if (str_equal(echo->word, "wait")) {
        wait_for_cancel(op);
    } else if (str_equal(echo->word, "hold")) {
        echo_await(&echo_counts.released, 1);
        put(echo, "held\n");
    } else if (str_equal(echo->word, "sleep")) {
        rest((unsigned)atoi(echo->argument));
        put(echo, "slept\n");
    } else if (str_equal(echo->word, "tls")) {
        put(echo, "go\n");
        /* Gives an eager client time to answer before the rest is said. */
        rest(20);
        conn_start_tls(echo->conn);
    } else if (str_equal(echo->word, "wake")) {
        conn_wake(echo->conn);
        rest(5);
        put(echo, "wait for it\n");
    } else if (str_equal(echo->word, "bye")) {
        put(echo, "bye\n");
        conn_close(echo->conn);
    } else {
        put(echo, "what?\n");
    }
}

static void done(void *session)
{
    struct echo *echo = session;

    echo->word[0] = '\0';
}

static void wake(void *session)
{
    struct echo *echo = session;

    say(echo->conn, "woken\n");
}

static void timeout(void *session)
{
    struct echo *echo = session;

    say(echo->conn, "too slow\n");
    conn_close(echo->conn);
}

static void drain(void *session)
{
    struct echo *echo = session;

    say(echo->conn, "stopping\n");
    conn_close(echo->conn);
}

const struct protocol echo_protocol = {
    .name = "imap",
    .session_new = session_new,
    .session_free = session_free,
    .input = input,
    .overtake = overtake,
    .run = run,
    .done = done,
    .wake = wake,
    .timeout = timeout,
    .drain = drain,
    .refusal = "full\n",
};

/* --- The server --- */

struct echo_server {
    struct settings *settings;
    struct gateway gateway;
    struct porter *porter;
    pthread_t thread;
};

static void *serve(void *context)
{
    struct echo_server *server = context;

    porter_run(server->porter);
    return NULL;
}

static void must_set(struct settings *settings, const char *key,
                     const char *value)
{
    char *problem = NULL;

    cr_assert(settings_set(settings, key, value, &problem), "%s", problem);
}

struct echo_server *echo_start(bool tls, const char *const settings[])
{
    struct echo_server *server = memory_new(sizeof *server);
    struct tls_context *context = NULL;
    char *problem = NULL;

    log_set_level(LOG_LEVEL_ERROR);
    server->settings = settings_new();
    must_set(server->settings, "imap.listen", "127.0.0.1:0");
    if (tls)
        must_set(server->settings, "imap.listen_tls", "127.0.0.1:0");
    for (size_t i = 0; settings != NULL && settings[i] != NULL; i += 2)
        must_set(server->settings, settings[i], settings[i + 1]);
    if (tls) {
        context = tls_context_new(echo_certificate(), "", &problem);
        cr_assert(context != NULL, "%s", problem);
    }

    server->gateway.settings = server->settings;
    server->porter = porter_new(server->settings);
    cr_assert(porter_open_door(server->porter, &echo_protocol, &server->gateway,
                               context, &problem),
              "%s", problem);
    tls_context_unref(&context);
    pthread_create(&server->thread, NULL, serve, server);
    return server;
}

uint16_t echo_port(const struct echo_server *server, size_t nth)
{
    return porter_port(server->porter, nth);
}

void echo_stop(struct echo_server *server)
{
    porter_stop(server->porter);
}

void echo_end(struct echo_server *server)
{
    porter_stop(server->porter);
    pthread_join(server->thread, NULL);
    porter_free(&server->porter);
    settings_free(&server->settings);
    free(server);
}

/* --- The client --- */

int echo_connect(uint16_t port)
{
    int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons(port) };
    struct timeval patience = { .tv_sec = PATIENCE_SECONDS };

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (connect(client, (struct sockaddr *)&address, sizeof address) != 0) {
        close(client);
        return -1;
    }
    return client;
}

bool echo_put(int socket, const char *text)
{
    size_t len = strlen(text);

    return send(socket, text, len, MSG_NOSIGNAL) == (ssize_t)len;
}

char *echo_line(int socket)
{
    char line[1024];
    size_t len = 0;

    while (len < sizeof line - 1 && recv(socket, line + len, 1, 0) == 1 &&
           line[len++] != '\n')
        continue;
    line[len] = '\0';
    return strdup(line);
}

size_t echo_skip(int socket, size_t len)
{
    char piece[65536];
    size_t got = 0;

    while (got < len) {
        size_t room = len - got < sizeof piece ? len - got : sizeof piece;
        ssize_t part = recv(socket, piece, room, 0);

        if (part <= 0)
            break;
        got += (size_t)part;
    }
    return got;
}

bool echo_closes(int socket)
{
    char piece[4096];
    ssize_t got;

    while ((got = recv(socket, piece, sizeof piece, 0)) > 0)
        continue;
    return got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
}

bool echo_await(atomic_uint *counter, unsigned value)
{
    for (unsigned i = 0; i < PATIENCE_SECONDS * 1000 / 5; i++) {
        if (atomic_load(counter) >= value)
            return true;
        rest(5);
    }
    return false;
}

/* --- The certificate --- */

static X509 *self_signed(EVP_PKEY *key)
{
    X509 *certificate = X509_new();
    X509_NAME *name = X509_get_subject_name(certificate);

    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 86400);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               (const unsigned char *)"localhost", -1, -1, 0);
    X509_set_issuer_name(certificate, name);
    X509_set_pubkey(certificate, key);
    X509_sign(certificate, key, EVP_sha256());
    return certificate;
}

static char certificate_file[] = "/tmp/postern-test-XXXXXX";

static void remove_certificate(void)
{
    unlink(certificate_file);
}

const char *echo_certificate(void)
{
    static bool made;

    if (made)
        return certificate_file;
    made = true;
    FILE *file = fdopen(mkstemp(certificate_file), "w");
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = self_signed(key);
    PEM_write_X509(file, certificate);
    PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL);
    fclose(file);
    X509_free(certificate);
    EVP_PKEY_free(key);
    atexit(remove_certificate);
    return certificate_file;
}
