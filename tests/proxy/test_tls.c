/*
 * test_tls.c - TLS towards clients, over real sockets
 */
#include "proxy/tls.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <criterion/criterion.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include "tests/proxy/echo.h"

struct client {
    int socket;
    SSL_CTX *context;
    SSL *ssl;
};

static void expect_plain_line(int client, const char *expected)
{
    char *line = echo_line(client);

    cr_assert_str_eq(line, expected);
    free(line);
}

/* Begins TLS on a socket, with no version beyond `newest` (0: any). */
static struct client shake_hands(int socket, int newest, bool *good_out)
{
    struct client client = { .socket = socket,
                             .context = SSL_CTX_new(TLS_method()) };

    SSL_CTX_set_security_level(client.context, 0);
    SSL_CTX_set_min_proto_version(client.context, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(client.context, newest);
    client.ssl = SSL_new(client.context);
    SSL_set_fd(client.ssl, socket);
    *good_out = SSL_connect(client.ssl) == 1;
    return client;
}

static void hang_up(struct client *client)
{
    SSL_free(client->ssl);
    SSL_CTX_free(client->context);
    close(client->socket);
}

static void put(struct client *client, const char *text)
{
    cr_assert_eq(SSL_write(client->ssl, text, (int)strlen(text)),
                 (int)strlen(text));
}

static void expect_line(struct client *client, const char *expected)
{
    char line[256] = "";
    size_t len = 0;

    while (len < sizeof line - 1 && SSL_read(client->ssl, line + len, 1) == 1 &&
           line[len++] != '\n')
        continue;
    line[len] = '\0';
    cr_assert_str_eq(line, expected);
}

Test(tls, stands_before_the_greeting_where_it_is_implicit)
{
    struct echo_server *server = echo_start(true, NULL);
    bool good;
    struct client client =
        shake_hands(echo_connect(echo_port(server, 1)), 0, &good);

    cr_assert(good);
    expect_line(&client, "hello over TLS\n");
    put(&client, "echo one\nsay two\n");
    expect_line(&client, "one\n");
    expect_line(&client, "two\n");
    hang_up(&client);
    echo_end(server);
}

Test(tls, carries_much_both_ways)
{
    struct echo_server *server = echo_start(true, NULL);
    bool good;
    struct client client =
        shake_hands(echo_connect(echo_port(server, 1)), 0, &good);
    char piece[4096];
    size_t got = 0;
    int part;

    cr_assert(good);
    expect_line(&client, "hello over TLS\n");
    put(&client, "flood 5000000\n");
    while (got < 5000000 &&
           (part = SSL_read(client.ssl, piece, sizeof piece)) > 0)
        got += (size_t)part;
    cr_expect_eq(got, 5000000);
    for (unsigned i = 0; i < 2000; i++)
        put(&client,
            "say a line of some length that fills the window by and by\n");
    for (unsigned i = 0; i < 2000; i++)
        expect_line(&client,
                    "a line of some length that fills the window by and by\n");
    hang_up(&client);
    echo_end(server);
}

Test(tls, says_good_bye_when_it_closes)
{
    struct echo_server *server = echo_start(true, NULL);
    bool good;
    struct client client =
        shake_hands(echo_connect(echo_port(server, 1)), 0, &good);
    char c;

    cr_assert(good);
    expect_line(&client, "hello over TLS\n");
    put(&client, "bye\n");
    expect_line(&client, "bye\n");
    int got = SSL_read(client.ssl, &c, 1);
    cr_expect_eq(SSL_get_error(client.ssl, got), SSL_ERROR_ZERO_RETURN);
    hang_up(&client);
    echo_end(server);
}

Test(tls, begins_within_a_session_and_throws_away_what_came_before)
{
    const char *const requests[] = { "tls\necho injected\n",
                                     "loop-tls\nsay injected\n" };

    for (size_t i = 0; i < 2; i++) {
        struct echo_server *server = echo_start(true, NULL);
        int socket = echo_connect(echo_port(server, 0));
        bool good;

        expect_plain_line(socket, "hello\n");
        cr_assert(echo_put(socket, requests[i]));
        expect_plain_line(socket, "go\n");
        struct client client = shake_hands(socket, 0, &good);
        cr_assert(good, "%s", requests[i]);
        put(&client, "say secret\n");
        expect_line(&client, "secret\n");
        hang_up(&client);
        echo_end(server);
    }
}

Test(tls, refuses_what_is_older_than_1_2)
{
    struct echo_server *server = echo_start(true, NULL);
    bool good;

    struct client old =
        shake_hands(echo_connect(echo_port(server, 1)), TLS1_1_VERSION, &good);
    cr_expect_not(good);
    hang_up(&old);

    struct client recent =
        shake_hands(echo_connect(echo_port(server, 1)), TLS1_2_VERSION, &good);
    cr_expect(good);
    hang_up(&recent);
    echo_end(server);
}

Test(tls, closes_cleanly_on_plain_text_at_its_port)
{
    struct echo_server *server = echo_start(true, NULL);
    int client = echo_connect(echo_port(server, 1));

    cr_assert(echo_put(client, "echo hello, is anybody there?\n"));
    cr_expect(echo_closes(client));
    cr_expect_eq(atomic_load(&echo_counts.sessions), 0);
    close(client);
    echo_end(server);
}

Test(tls, rubbish_on_the_plain_port_harms_nobody)
{
    static const char rubbish[] =
        "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n";
    struct echo_server *server = echo_start(true, NULL);
    int client = echo_connect(echo_port(server, 0));

    expect_plain_line(client, "hello\n");
    cr_assert(send(client, rubbish, sizeof rubbish - 1, MSG_NOSIGNAL) > 0);
    expect_plain_line(client, "what?\n");
    close(client);
    echo_end(server);
}

Test(tls, does_not_wait_for_ever_for_a_handshake)
{
    const char *settings[] = { "imap.command_timeout", "1", NULL };
    struct echo_server *server = echo_start(true, settings);
    int client = echo_connect(echo_port(server, 1));

    cr_expect(echo_closes(client));
    close(client);
    echo_end(server);
}

/* clang-format off */
static const struct {
    const char *certificate;
    const char *key;
    const char *complaint;
} bad_files[] = {
    { "/nonexistent/cert.pem", "",                     "/nonexistent/cert.pem: " },
    { "/dev/null",             "",                     "/dev/null: " },
    { NULL,                    "/nonexistent/key.pem", "/nonexistent/key.pem: " },
    { NULL,                    "/dev/null",            "/dev/null: " },
};
/* clang-format on */

Test(tls, says_which_file_is_no_certificate_or_key)
{
    for (size_t i = 0; i < sizeof bad_files / sizeof bad_files[0]; i++) {
        const char *certificate = bad_files[i].certificate;
        char *problem = NULL;

        if (certificate == NULL)
            certificate = echo_certificate();
        cr_assert_null(
            tls_context_new(certificate, bad_files[i].key, &problem));
        cr_expect(strstr(problem, bad_files[i].complaint) == problem, "%s",
                  problem);
        free(problem);
    }
}
