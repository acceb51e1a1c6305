/*
 * test_compress.c - compression of connections, over real sockets
 */
#include "proxy/conn_packing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#include <criterion/criterion.h>

#include "proxy/base/buf.h"
#include "tests/proxy/echo.h"

/* A client who compresses, as zlib does it with its own window. */
struct client {
    int socket;
    z_stream packer, unpacker;
    char received[4096];
};

static void expect_plain_line(int socket, const char *expected)
{
    char *line = echo_line(socket);

    cr_assert_str_eq(line, expected);
    free(line);
}

static struct client *begin(const struct echo_server *server)
{
    struct client *client = calloc(1, sizeof *client);

    client->socket = echo_connect(echo_port(server, 0));
    expect_plain_line(client->socket, "hello\n");
    cr_assert(echo_put(client->socket, "compress\n"));
    expect_plain_line(client->socket, "go\n");
    deflateInit2(&client->packer, 9, Z_DEFLATED, -MAX_WBITS, 9,
                 Z_DEFAULT_STRATEGY);
    inflateInit2(&client->unpacker, -MAX_WBITS);
    return client;
}

static void end(struct echo_server *server, struct client *client)
{
    deflateEnd(&client->packer);
    inflateEnd(&client->unpacker);
    close(client->socket);
    free(client);
    echo_end(server);
    cr_expect_eq(atomic_load(&echo_counts.sessions),
                 atomic_load(&echo_counts.freed), "every session is freed");
}

static size_t put(struct client *client, const char *data, size_t len)
{
    size_t room = len + 1024, sent = 0;
    char *packed = malloc(room);

    client->packer.next_in = (Bytef *)data;
    client->packer.avail_in = (uInt)len;
    client->packer.next_out = (Bytef *)packed;
    client->packer.avail_out = (uInt)room;
    deflate(&client->packer, Z_SYNC_FLUSH);
    size_t size = room - client->packer.avail_out;
    for (ssize_t put = 1; sent < size && put > 0; sent += put > 0 ? put : 0)
        put = send(client->socket, packed + sent, size - sent, MSG_NOSIGNAL);
    free(packed);
    return sent;
}

/* The next octets, at most `len`; 0 at the end. */
static size_t get(struct client *client, char *out, size_t len)
{
    z_stream *stream = &client->unpacker;

    stream->next_out = (Bytef *)out;
    stream->avail_out = (uInt)len;
    for (;;) {
        if (stream->avail_in > 0) {
            cr_assert_eq(inflate(stream, Z_SYNC_FLUSH), Z_OK);
            if (stream->avail_out < len)
                return len - stream->avail_out;
        }
        ssize_t got = recv(client->socket, client->received,
                           sizeof client->received, 0);
        if (got <= 0)
            return 0;
        stream->next_in = (Bytef *)client->received;
        stream->avail_in = (uInt)got;
    }
}

static void expect_line(struct client *client, const char *expected)
{
    char line[300];
    size_t len = 0;

    while (len < sizeof line - 1 && get(client, line + len, 1) == 1 &&
           line[len++] != '\n')
        continue;
    line[len] = '\0';
    cr_assert_str_eq(line, expected);
}

Test(compress, packs_what_both_sides_say)
{
    struct echo_server *server = echo_start(false, NULL);
    struct client *client = begin(server);

    put(client, "echo one\nsay two\n", 17);
    expect_line(client, "one\n");
    expect_line(client, "two\n");
    end(server, client);
}

/* Both sides rest in between, and the client refers to all that he has said. */
Test(compress, goes_on_after_every_pause)
{
    struct echo_server *server = echo_start(false, NULL);
    struct client *client = begin(server);

    for (int i = 0; i < 500; i++) {
        char line[120], answer[120];

        snprintf(line, sizeof line, "echo %d and some words that come again %d\n",
                 i % 7, i / 3);
        snprintf(answer, sizeof answer, "%s", line + 5);
        put(client, line, strlen(line));
        expect_line(client, answer);
    }
    end(server, client);
}

Test(compress, carries_much)
{
    enum { MUCH = 20 * 1000 * 1000 };
    struct echo_server *server = echo_start(false, NULL);
    struct client *client = begin(server);
    static char piece[65536];
    size_t all = 0, got;

    put(client, "flood 20000000\n", 15);
    while (all < MUCH && (got = get(client, piece, sizeof piece)) > 0)
        all += got;
    cr_expect_eq(all, MUCH);
    put(client, "echo after\n", 11);
    expect_line(client, "after\n");
    end(server, client);
}

Test(compress, takes_octet_by_octet)
{
    struct echo_server *server = echo_start(false, NULL);
    struct client *client = begin(server);

    for (const char *text = "echo slowly\n"; *text != '\0'; text++)
        put(client, text, 1);
    expect_line(client, "slowly\n");
    end(server, client);
}

Test(compress, refuses_a_line_that_becomes_endless)
{
    enum { ENDLESS = 64 * 1024 * 1024 };
    struct echo_server *server = echo_start(false, NULL);
    struct client *client = begin(server);
    char *bomb = malloc(ENDLESS);

    memset(bomb, 'x', ENDLESS);
    put(client, bomb, ENDLESS);
    expect_line(client, "too long\n");
    cr_expect(echo_closes(client->socket));
    free(bomb);
    end(server, client);
}

Test(compress, closes_on_what_is_not_compressed)
{
    struct echo_server *server = echo_start(false, NULL);
    struct client *client = begin(server);

    cr_assert(echo_put(client->socket, "\xff\xff\xff echo one\n"));
    cr_expect(echo_closes(client->socket));
    end(server, client);
}

Test(compress, cannot_start_tls_any_more)
{
    const char *settings[] = { "log.level", "error", NULL };
    struct echo_server *server = echo_start(true, settings);
    struct client *client = begin(server);

    put(client, "tls?\n", 5);
    expect_line(client, "no\n");
    end(server, client);
}

/* --- Between two memories ------------------------------------------------- */

Test(compress, reads_no_more_than_there_is_room_for)
{
    struct packing *ours = packing_new(), *theirs = packing_new();
    static char zeros[1000 * 1000], out[65536];
    struct buf packed;
    size_t all = 0, got;

    buf_init(&packed, NULL);
    packing_write(ours, zeros, sizeof zeros, &packed);
    cr_expect_lt(packed.len, 5000);
    packing_receive(theirs, packed.data, packed.len);
    while ((got = packing_read(theirs, out, sizeof out)) > 0) {
        cr_expect_leq(got, sizeof out);
        all += got;
    }
    cr_expect_eq(all, sizeof zeros);
    cr_expect_not(packing_has_input(theirs));
    cr_expect_not(packing_failed(theirs));
    buf_fini(&packed);
    packing_free(&ours);
    packing_free(&theirs);
}

Test(compress, fails_at_an_end_and_at_rubbish)
{
    static const struct {
        const char *name, *data;
        size_t len;
        bool fails;
    } cases[] = {
        { "nothing", "", 0, false },
        { "an empty block", "\0\0\0\xff\xff", 5, false },
        { "half a block", "\0\0", 2, false },
        { "the last block", "\3\0", 2, true },
        { "no block", "\xff\xff", 2, true },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct packing *packing = packing_new();
        char out[10];

        packing_receive(packing, cases[i].data, cases[i].len);
        cr_expect_eq(packing_read(packing, out, sizeof out), 0);
        packing_rest(packing);
        cr_expect_eq(packing_failed(packing), cases[i].fails, "%s",
                     cases[i].name);
        packing_free(&packing);
    }
}
