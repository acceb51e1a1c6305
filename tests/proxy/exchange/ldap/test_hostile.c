/*
 * test_hostile.c - an LDAP server behind us that does not keep to the rules
 *
 * It lets everybody in; what it does then is named by what it is asked for.
 */
#include "proxy/exchange/ldap/server.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "config/settings.h"
#include "ldap/frame.h"
#include "ldap/peek.h"
#include "ldap/request.h"
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/secret.h"
#include "proxy/base/utf8.h"
#include "tests/ldap/notation.h"

#define LIMIT 3

/* An entry and the end of a search, with the id %d. */
#define PERSON                                                                 \
    "30{02:%1$d 64{04'uid=ann,o=x' 30{30{04'objectClass' 31{04'person'}} "     \
    "30{04'cn' 31{04'Ann'}} 30{04'mail' 31{04'ann@example.com'}}}}} "
#define LATIN                                                                  \
    "30{02:%1$d 64{04'uid=joe,o=x' 30{30{04'cn' 31{04'J~f6rg'}} "              \
    "30{04'mail' 31{04'joe@example.com'}}}}} "
#define DONE "30{02:%1$d 65{0a:0 04'' 04''}} "
#define ROOT "30{02:%1$d 64{04'' 30{30{04'namingContexts' 31{04'o=x'}}}}} "
#define OTHERS                                                                 \
    "30{02:77 64{04'uid=bert,o=x' 30{}}} 30{02:77 65{0a:0 04'' 04''}} "

/* clang-format off */
static const struct {
    const char *asked;
    const char *answer;
    bool for_ever; /* it is said again and again */
    bool closes;
    enum status status;
    size_t count;
    bool complete;
} cases[] = {
    { "rules",    PERSON DONE,             false, false, STATUS_OK,          1,     true },
    { "latin",    LATIN DONE,              false, false, STATUS_OK,          1,     true },
    { "endless",  PERSON,                  true,  false, STATUS_OK,          LIMIT, false },
    { "nobody",   "",                      false, true,  STATUS_UNAVAILABLE, 0,     false },
    { "severed",  PERSON "*3020",          false, true,  STATUS_UNAVAILABLE, 0,     false },
    { "large",    "*30847fffffff02",       false, false, STATUS_UNAVAILABLE, 0,     false },
    { "garbage",  "*485454502f312e31",     false, true,  STATUS_UNAVAILABLE, 0,     false },
    { "others",   OTHERS PERSON DONE,      false, false, STATUS_OK,          1,     true },
};
/* clang-format on */

/* --- The server ----------------------------------------------------------- */

static bool say(int client, struct arena *arena, const char *format, int id)
{
    struct octets said = notation_code(arena, arena_printf(arena, format, id));

    return send(client, said.data, said.len, MSG_NOSIGNAL) == (ssize_t)said.len;
}

/* False: it closes the connection. */
static bool answer_search(int client, struct arena *arena, int id,
                          const struct buf *message)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (memmem(message->data, message->len, cases[i].asked,
                   strlen(cases[i].asked)) == NULL)
            continue;
        while (say(client, arena, cases[i].answer, id) && cases[i].for_ever)
            arena_reset(arena);
        return !cases[i].closes;
    }
    return say(client, arena, ROOT DONE, id);
}

static bool answer(int client, struct arena *arena, const struct buf *message)
{
    struct ldap_peek peek;

    if (!ldap_peek(message->data, message->len, &peek))
        return false;
    switch (peek.operation) {
    case LDAP_BIND:
        return say(client, arena, "30{02:%d 61{0a:0 04'' 04''}}", peek.id);
    case LDAP_EXTENDED:
        return say(client, arena, "30{02:%d 78{0a:2 04'' 04''}}", peek.id);
    case LDAP_SEARCH:
        return answer_search(client, arena, peek.id, message);
    default:
        return peek.operation != LDAP_UNBIND;
    }
}

static void *serve_client(void *subject)
{
    int client = (int)(intptr_t)subject;
    struct arena *arena = arena_new();
    struct ldap_frame frame;
    bool goes_on = true;
    char data[4096];
    ssize_t len;

    ldap_frame_init(&frame, 65536);
    while (goes_on && (len = recv(client, data, sizeof data, 0)) > 0) {
        for (size_t at = 0; goes_on && at < (size_t)len;) {
            enum ldap_frame_found found;

            at += ldap_frame_take(&frame, data + at, (size_t)len - at, &found);
            if (found == LDAP_FOUND_MESSAGE) {
                goes_on = answer(client, arena, &frame.message);
                ldap_frame_reset(&frame);
            } else {
                break;
            }
        }
    }
    ldap_frame_fini(&frame);
    arena_free(&arena);
    close(client);
    return NULL;
}

static void *serve(void *subject)
{
    int listener = (int)(intptr_t)subject, client;

    while ((client = accept(listener, NULL, NULL)) >= 0) {
        pthread_t thread;

        pthread_create(&thread, NULL, serve_client, (void *)(intptr_t)client);
        pthread_detach(thread);
    }
    return NULL;
}

static int listen_somewhere(char *url, size_t size)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);

    cr_assert_eq(bind(listener, (struct sockaddr *)&address, len), 0);
    cr_assert_eq(listen(listener, 10), 0);
    cr_assert_eq(getsockname(listener, (struct sockaddr *)&address, &len), 0);
    snprintf(url, size, "ldap://127.0.0.1:%u", ntohs(address.sin_port));
    return listener;
}

/* --- Us ------------------------------------------------------------------- */

static struct remote *open_remote(struct op *op, const char *url)
{
    const char *const pairs[][2] = { { "directory.server", url },
                                     { "directory.server_plain", "yes" } };
    struct settings *settings = settings_new();
    struct secret *secret = secret_new("secret", 6);
    struct remote *remote = NULL;
    struct remote_account about;
    char *problem = NULL;

    for (size_t i = 0; i < 2; i++)
        cr_assert(settings_set(settings, pairs[i][0], pairs[i][1], &problem),
                  "%s", problem);
    cr_assert_eq(ldap_server_backend.open(op, settings, "ann", NULL, secret,
                                          &remote, &about),
                 STATUS_OK, "%s", op->reason);
    secret_free(&secret);
    settings_free(&settings);
    return remote;
}

Test(ldap_hostile, harms_nobody_and_holds_nobody_up, .timeout = 600)
{
    struct arena *arena = arena_new();
    struct remote *remote;
    pthread_t server;
    struct op op;
    char url[64];
    int listener = listen_somewhere(url, sizeof url);

    signal(SIGPIPE, SIG_IGN); /* as the gateway has it */
    op_init(&op, arena, "test");
    pthread_create(&server, NULL, serve, (void *)(intptr_t)listener);
    remote = open_remote(&op, url);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct person *people;
        size_t count;
        bool complete = false;
        enum status status = ldap_server_backend.directory->find(
            &op, remote, cases[i].asked, LIMIT, &people, &count, &complete);

        cr_expect_eq(status, cases[i].status, "%s: %d", cases[i].asked, status);
        cr_expect_eq(count, cases[i].count, "%s: %zu", cases[i].asked, count);
        for (size_t k = 0; k < count; k++) {
            const char *name = people[k].contact.text[CONTACT_DISPLAY_NAME];
            cr_expect(utf8_valid(name, strlen(name)), "%s", name);
        }
        if (status == STATUS_OK)
            cr_expect_eq(complete, cases[i].complete, "%s", cases[i].asked);
    }
    ldap_server_backend.close(&remote);
    shutdown(listener, SHUT_RDWR);
    pthread_join(server, NULL);
    close(listener);
    arena_free(&arena);
}
