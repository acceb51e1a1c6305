/*
 * test_conn.c - connections over real sockets
 */
#include "proxy/conn.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "tests/proxy/echo.h"

/* Expects the next line to be this one. */
static void expect_line(int client, const char *expected)
{
    char *line = echo_line(client);

    cr_assert_str_eq(line, expected);
    free(line);
}

static int greeted_client(const struct echo_server *server)
{
    int client = echo_connect(echo_port(server, 0));

    cr_assert(client >= 0);
    expect_line(client, "hello\n");
    return client;
}

static void end(struct echo_server *server, int client)
{
    close(client);
    echo_end(server);
    cr_expect_eq(atomic_load(&echo_counts.sessions),
                 atomic_load(&echo_counts.freed), "every session is freed");
}

Test(conn, answers_requests_in_their_order)
{
    struct echo_server *server = echo_start(false, NULL);
    int client = greeted_client(server);

    cr_assert(echo_put(client, "echo one\nsay two\necho three\nsay four\n"));
    expect_line(client, "one\n");
    expect_line(client, "two\n");
    expect_line(client, "three\n");
    expect_line(client, "four\n");
    end(server, client);
}

Test(conn, takes_a_request_that_comes_octet_by_octet)
{
    struct echo_server *server = echo_start(false, NULL);
    int client = greeted_client(server);

    for (const char *text = "echo slowly\n"; *text != '\0'; text++)
        cr_assert_eq(send(client, text, 1, MSG_NOSIGNAL), 1);
    expect_line(client, "slowly\n");
    end(server, client);
}

Test(conn, answers_ten_thousand_pipelined_requests)
{
    enum { COUNT = 10000 };
    struct echo_server *server = echo_start(false, NULL);
    int client = greeted_client(server);

    if (fork() == 0) {
        for (unsigned i = 0; i < COUNT; i++) {
            char line[32];

            snprintf(line, sizeof line, "echo %u\n", i);
            echo_put(client, line);
        }
        _exit(0);
    }
    FILE *answers = fdopen(dup(client), "r");
    for (unsigned i = 0; i < COUNT; i++) {
        unsigned number = COUNT;

        cr_assert_eq(fscanf(answers, " %u", &number), 1);
        cr_assert_eq(number, i);
    }
    fclose(answers);
    end(server, client);
}

Test(conn, lets_a_client_stop_what_runs)
{
    struct echo_server *server = echo_start(false, NULL);
    int client = greeted_client(server);

    cr_assert(echo_put(client, "wait\n"));
    cr_assert(echo_await(&echo_counts.ran, 1));
    cr_assert(echo_put(client, "st"));
    cr_assert(echo_put(client, "op\necho on\n"));
    expect_line(client, "stopped\n");
    expect_line(client, "on\n");
    cr_expect_eq(atomic_load(&echo_counts.cancelled), 1);
    end(server, client);
}

Test(conn, lets_a_client_stop_what_begins_to_run)
{
    struct echo_server *server = echo_start(false, NULL);
    int client = greeted_client(server);

    cr_assert(echo_put(client, "sleep 20\nwait\nstop\n"));
    expect_line(client, "slept\n");
    expect_line(client, "stopped\n");
    cr_expect_eq(atomic_load(&echo_counts.cancelled), 1);
    end(server, client);
}

Test(conn, stops_nothing_but_what_runs)
{
    struct echo_server *server = echo_start(false, NULL);
    int client = greeted_client(server);

    cr_assert(echo_put(client, "wait\nstop\n"));
    expect_line(client, "stopped\n");
    cr_assert(echo_put(client, "wait\n"));
    cr_assert(echo_await(&echo_counts.ran, 2));
    usleep(50 * 1000);
    cr_expect_eq(atomic_load(&echo_counts.cancelled), 1);
    cr_assert(echo_put(client, "stop\n"));
    expect_line(client, "stopped\n");
    cr_expect_eq(atomic_load(&echo_counts.cancelled), 2);
    end(server, client);
}

Test(conn, sends_much_to_a_client_that_reads_late)
{
    enum { MUCH = 20 * 1000 * 1000 };
    struct echo_server *server = echo_start(false, NULL);
    int client = greeted_client(server);

    cr_assert(echo_put(client, "flood 20000000\necho after\n"));
    usleep(100 * 1000);
    cr_expect_eq(echo_skip(client, MUCH), MUCH);
    expect_line(client, "after\n");
    end(server, client);
}

Test(conn, gives_up_a_client_that_does_not_read)
{
    const char *settings[] = { "imap.command_timeout", "1",
                               "service.output_limit", "0", NULL };
    struct echo_server *server = echo_start(false, settings);
    int client = greeted_client(server);

    cr_assert(echo_put(client, "flood 100000000\n"));
    cr_expect(echo_await(&echo_counts.freed, 1));
    cr_expect_eq(atomic_load(&echo_counts.refused_writes), 1);
    end(server, client);
}

/* --- Workers and clients who do not read --------------------------------- */

/* So many clients come, who share four workers and are waited for longer than
 * any test takes. */
#define STALLED 40
#define SHARED "service.workers", "4", "imap.command_timeout", "1h"

static void stall(const struct echo_server *server, int clients[],
                  const char *request)
{
    for (size_t i = 0; i < STALLED; i++) {
        clients[i] = greeted_client(server);
        cr_assert(echo_put(clients[i], request));
    }
}

static void expect_served(const struct echo_server *server)
{
    int client = greeted_client(server);

    cr_assert(echo_put(client, "echo served\n"));
    expect_line(client, "served\n");
    close(client);
}

Test(conn, serves_others_while_clients_do_not_read)
{
    const char *settings[] = { SHARED, NULL };
    struct echo_server *server = echo_start(false, settings);
    int clients[STALLED];

    stall(server, clients, "flood 8000000\necho after\n");
    expect_served(server);
    cr_expect(echo_await(&echo_counts.ran, STALLED + 1));
    cr_expect_eq(atomic_load(&echo_counts.refused_writes), 0);
    for (size_t i = 0; i < STALLED; i++) {
        cr_expect_eq(echo_skip(clients[i], 8000000), 8000000);
        expect_line(clients[i], "after\n");
        close(clients[i]);
    }
    end(server, -1);
}

Test(conn, gives_up_clients_who_do_not_read_when_the_files_are_full)
{
    const char *settings[] = { SHARED, "service.output_limit", "1M", NULL };
    struct echo_server *server = echo_start(false, settings);
    int clients[STALLED];

    stall(server, clients, "flood 8000000\n");
    expect_served(server);
    cr_expect_gt(atomic_load(&echo_counts.refused_writes), 0);
    for (size_t i = 0; i < STALLED; i++)
        close(clients[i]);
    end(server, -1);
}

Test(conn, knows_what_a_client_has_not_got)
{
    const char *settings[] = { SHARED, NULL };
    struct echo_server *server = echo_start(false, settings);
    int clients[STALLED];

    stall(server, clients, "sure 8000000\n");
    expect_served(server);
    for (size_t i = 0; i < STALLED; i++)
        close(clients[i]);
    cr_expect_eq(atomic_load(&echo_counts.sent), 0);
    cr_assert(echo_await(&echo_counts.freed, STALLED + 1));

    int client = greeted_client(server);
    cr_assert(echo_put(client, "sure 8000000\n"));
    cr_expect_eq(echo_skip(client, 8000000), 8000000);
    cr_expect(echo_await(&echo_counts.sent, 1));
    end(server, client);
}

/* Answers that the loop itself gives are limited by leaving input alone. */
Test(conn, does_not_pile_up_answers_for_a_client_that_does_not_read)
{
    const char *settings[] = { "imap.command_timeout", "1", NULL };
    struct echo_server *server = echo_start(false, settings);
    int client = greeted_client(server);
    struct timeval brief = { .tv_usec = 300 * 1000 };
    char line[201] = "say ";
    size_t sent = 0;
    ssize_t put;

    memset(line + 4, 'x', 195);
    line[199] = '\n';
    setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &brief, sizeof brief);
    while (sent < 100 * 1000 * 1000 &&
           (put = send(client, line, 200, MSG_NOSIGNAL)) > 0)
        sent += (size_t)put;
    cr_expect_lt(sent, 100 * 1000 * 1000);
    cr_expect(echo_await(&echo_counts.freed, 1));
    end(server, client);
}

Test(conn, cancels_the_request_of_a_client_that_resets)
{
    struct echo_server *server = echo_start(false, NULL);
    struct linger reset = { .l_onoff = 1, .l_linger = 0 };
    int client = greeted_client(server);

    cr_assert(echo_put(client, "wait\n"));
    cr_assert(echo_await(&echo_counts.ran, 1));
    setsockopt(client, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    close(client);
    cr_expect(echo_await(&echo_counts.cancelled, 1));
    cr_expect(echo_await(&echo_counts.freed, 1));
    end(server, -1);
}

Test(conn, survives_a_reset_while_it_sends)
{
    struct echo_server *server = echo_start(false, NULL);
    struct linger reset = { .l_onoff = 1, .l_linger = 0 };
    int client = greeted_client(server);
    int other = greeted_client(server);

    cr_assert(echo_put(client, "flood 100000000\n"));
    cr_assert_eq(echo_skip(client, 100000), 100000);
    setsockopt(client, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    close(client);
    cr_expect(echo_await(&echo_counts.refused_writes, 1));
    cr_assert(echo_put(other, "echo still here\n"));
    expect_line(other, "still here\n");
    end(server, other);
}

Test(conn, answers_what_a_client_asked_before_he_ended_his_side)
{
    struct echo_server *server = echo_start(false, NULL);
    int client = greeted_client(server);

    cr_assert(echo_put(client, "sleep 50\nsay second\n"));
    shutdown(client, SHUT_WR);
    expect_line(client, "slept\n");
    expect_line(client, "second\n");
    cr_expect(echo_closes(client));
    end(server, client);
}

Test(conn, answers_it_as_well_when_the_answers_pile_up)
{
    enum { MUCH = 20 * 1000 * 1000 };
    struct echo_server *server = echo_start(false, NULL);
    int client = greeted_client(server);

    cr_assert(echo_put(client, "flood 20000000\necho second\nsay third\n"));
    shutdown(client, SHUT_WR);
    usleep(100 * 1000);
    cr_expect_eq(echo_skip(client, MUCH), MUCH);
    expect_line(client, "second\n");
    expect_line(client, "third\n");
    cr_expect(echo_closes(client));
    end(server, client);
}

Test(conn, carries_on_with_a_request_when_the_client_ends_his_side)
{
    const char *settings[] = { "service.drain_timeout", "0", NULL };
    struct echo_server *server = echo_start(false, settings);
    int client = greeted_client(server);

    cr_assert(echo_put(client, "wait\n"));
    cr_assert(echo_await(&echo_counts.ran, 1));
    shutdown(client, SHUT_WR);
    usleep(200 * 1000);
    cr_expect_eq(atomic_load(&echo_counts.cancelled), 0);
    end(server, client);
    cr_expect_eq(atomic_load(&echo_counts.cancelled), 1);
}

Test(conn, delivers_the_good_bye_although_input_is_left)
{
    struct echo_server *server = echo_start(false, NULL);
    int client = greeted_client(server);

    cr_assert(echo_put(client, "bye\n"));
    for (unsigned i = 0; i < 1000; i++)
        echo_put(client, "echo too late\n");
    expect_line(client, "bye\n");
    cr_expect(echo_closes(client));
    cr_expect_eq(atomic_load(&echo_counts.ran), 1);
    end(server, client);
}

Test(conn, refuses_an_endless_line)
{
    struct echo_server *server = echo_start(false, NULL);
    int client = greeted_client(server);
    char *line = malloc(CONN_WINDOW);

    memset(line, 'x', CONN_WINDOW);
    cr_assert_eq(send(client, line, CONN_WINDOW, MSG_NOSIGNAL), CONN_WINDOW);
    expect_line(client, "too long\n");
    cr_expect(echo_closes(client));
    free(line);
    end(server, client);
}

Test(conn, wakes_a_session_once_its_request_has_ended)
{
    struct echo_server *server = echo_start(false, NULL);
    int client = greeted_client(server);

    cr_assert(echo_put(client, "wake\n"));
    expect_line(client, "wait for it\n");
    expect_line(client, "woken\n");
    end(server, client);
}

Test(conn, ends_the_session_of_a_silent_client)
{
    struct echo_server *server = echo_start(false, NULL);
    int client = greeted_client(server);

    cr_assert(echo_put(client, "timeout 50\n"));
    expect_line(client, "set\n");
    expect_line(client, "too slow\n");
    cr_expect(echo_closes(client));
    end(server, client);
}

Test(conn, does_not_count_a_request_as_silence)
{
    struct echo_server *server = echo_start(false, NULL);
    int client = greeted_client(server);

    cr_assert(echo_put(client, "timeout 400\nsleep 600\necho in time\n"));
    expect_line(client, "set\n");
    expect_line(client, "slept\n");
    expect_line(client, "in time\n");
    expect_line(client, "too slow\n");
    end(server, client);
}
