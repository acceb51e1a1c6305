/*
 * test_porter.c - listening, limits, stopping
 */
#include "proxy/porter.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "config/settings.h"
#include "proxy/base/log.h"
#include "tests/proxy/echo.h"

static void expect_line(int client, const char *expected)
{
    char *line = echo_line(client);

    cr_assert_str_eq(line, expected);
    free(line);
}

/* Opens a door for the first time; what is wrong with it, or NULL. */
static char *problem_of(const char *listen)
{
    struct settings *settings = settings_new();
    struct gateway gateway = { .settings = settings };
    char *problem = NULL;

    log_set_level(LOG_LEVEL_ERROR);
    cr_assert(settings_set(settings, "imap.listen", listen, &problem), "%s",
              problem);
    struct porter *porter = porter_new(settings);
    porter_open_door(porter, &echo_protocol, &gateway, NULL, &problem);
    porter_free(&porter);
    settings_free(&settings);
    return problem;
}

Test(porter, listens_at_several_addresses)
{
    const char *settings[] = { "imap.listen", "127.0.0.1:0 127.0.0.1:0", NULL };
    struct echo_server *server = echo_start(false, settings);

    for (size_t i = 0; i < 2; i++) {
        int client = echo_connect(echo_port(server, i));

        expect_line(client, "hello\n");
        close(client);
    }
    cr_expect_neq(echo_port(server, 0), echo_port(server, 1));
    echo_end(server);
}

Test(porter, says_whose_a_port_is_that_it_cannot_have)
{
    struct echo_server *server = echo_start(false, NULL);
    char address[32], process[32];

    snprintf(address, sizeof address, "127.0.0.1:%u", echo_port(server, 0));
    snprintf(process, sizeof process, "process %d", (int)getpid());
    char *problem = problem_of(address);
    cr_assert_not_null(problem);
    cr_expect(strstr(problem, address) != NULL, "%s", problem);
    cr_expect(strstr(problem, process) != NULL, "%s", problem);
    free(problem);
    echo_end(server);
}

Test(porter, makes_unix_sockets_for_the_user_alone_and_replaces_stale_ones)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    char directory[] = "/tmp/postern-test-XXXXXX";
    char listen[150];
    struct stat status;

    cr_assert_not_null(mkdtemp(directory));
    snprintf(address.sun_path, sizeof address.sun_path, "%s/imap", directory);
    snprintf(listen, sizeof listen, "unix:%s", address.sun_path);
    const char *settings[] = { "imap.listen", listen, NULL };

    /* What a killed process leaves behind. */
    int stale = socket(AF_UNIX, SOCK_STREAM, 0);
    cr_assert_eq(bind(stale, (struct sockaddr *)&address, sizeof address), 0);
    close(stale);

    struct echo_server *server = echo_start(false, settings);
    cr_assert_eq(stat(address.sun_path, &status), 0);
    cr_expect_eq(status.st_mode & 0777, 0600);
    int client = socket(AF_UNIX, SOCK_STREAM, 0);
    cr_assert_eq(connect(client, (struct sockaddr *)&address, sizeof address),
                 0);
    expect_line(client, "hello\n");

    char *problem = problem_of(listen);
    cr_expect_not_null(problem, "a socket in use is not taken away");
    free(problem);
    close(client);
    echo_end(server);
    cr_expect_neq(access(address.sun_path, F_OK), 0);
    rmdir(directory);
}

/* clang-format off */
static const struct {
    const char *name;
    const char *key;
} limits[] = {
    { "in all",   "service.max_connections" },
    { "per door", "imap.max_connections" },
    { "per peer", "imap.max_per_peer" },
};
/* clang-format on */

Test(porter, keeps_to_every_limit_of_connections)
{
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        const char *settings[] = { limits[i].key, "2", NULL };
        struct echo_server *server = echo_start(false, settings);
        int first = echo_connect(echo_port(server, 0));
        int second = echo_connect(echo_port(server, 0));
        int third = echo_connect(echo_port(server, 0));

        expect_line(first, "hello\n");
        expect_line(second, "hello\n");
        char *line = echo_line(third);
        cr_expect_str_eq(line, "full\n", "%s", limits[i].name);
        cr_expect(echo_closes(third), "%s", limits[i].name);
        free(line);
        close(first);
        close(second);
        close(third);
        echo_end(server);
    }
}

Test(porter, serves_on_after_running_out_of_descriptors)
{
    struct echo_server *server = echo_start(false, NULL);
    int early = echo_connect(echo_port(server, 0));
    struct rlimit old, tight;

    expect_line(early, "hello\n");
    int late = echo_connect(echo_port(server, 0));
    expect_line(late, "hello\n");
    close(late);
    cr_assert(echo_await(&echo_counts.freed, 1));

    /* From now on only our own side of a connection finds a place. */
    int ours = socket(AF_INET, SOCK_STREAM, 0);
    close(ours);
    cr_assert_eq(getrlimit(RLIMIT_NOFILE, &old), 0);
    tight = old;
    tight.rlim_cur = (rlim_t)ours + 1;
    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &tight), 0);
    int waiting = echo_connect(echo_port(server, 0));
    cr_assert(waiting >= 0);
    cr_assert(echo_put(early, "echo still here\n"));
    expect_line(early, "still here\n");

    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &old), 0);
    expect_line(waiting, "hello\n");
    close(early);
    close(waiting);
    echo_end(server);
}

Test(porter, lets_requests_end_when_it_stops)
{
    const char *settings[] = { "service.drain_timeout", "1h", NULL };
    struct echo_server *server = echo_start(false, settings);
    int idle = echo_connect(echo_port(server, 0));
    int busy = echo_connect(echo_port(server, 0));

    expect_line(idle, "hello\n");
    expect_line(busy, "hello\n");
    cr_assert(echo_put(busy, "hold\necho never\n"));
    cr_assert(echo_await(&echo_counts.ran, 1));
    echo_stop(server);
    expect_line(idle, "stopping\n");
    cr_expect(echo_closes(idle));
    atomic_store(&echo_counts.released, 1);
    expect_line(busy, "held\n");
    expect_line(busy, "stopping\n");
    cr_expect(echo_closes(busy));
    close(idle);
    close(busy);
    cr_assert(echo_await(&echo_counts.freed, 2));
    echo_end(server);
    cr_expect_eq(atomic_load(&echo_counts.ran), 1);
}

/* A client that is asleep does not close when it is told good-bye. */
Test(porter, does_not_wait_for_who_does_not_answer_the_good_bye)
{
    const char *settings[] = { "service.drain_timeout", "1h", NULL };
    struct echo_server *server = echo_start(false, settings);
    int client = echo_connect(echo_port(server, 0));

    expect_line(client, "hello\n");
    echo_stop(server);
    cr_assert(echo_await(&echo_counts.freed, 1));
    expect_line(client, "stopping\n");
    close(client);
    echo_end(server);
}

Test(porter, gives_requests_up_that_do_not_end_in_time)
{
    const char *settings[] = { "service.drain_timeout", "0", NULL };
    struct echo_server *server = echo_start(false, settings);
    int client = echo_connect(echo_port(server, 0));

    expect_line(client, "hello\n");
    cr_assert(echo_put(client, "wait\n"));
    cr_assert(echo_await(&echo_counts.ran, 1));
    echo_stop(server);
    cr_expect(echo_await(&echo_counts.cancelled, 1));
    cr_expect(echo_closes(client));
    close(client);
    echo_end(server);
}
