/*
 * test_manager.c - tests of what the service manager is told
 */
#include "proxy/manager.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <criterion/criterion.h>

/* A manager that listens there; `name` begins with "@" where it is no path. */
static int listen_at(const char *name)
{
    int manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct sockaddr_un address = { .sun_family = AF_UNIX };

    memcpy(address.sun_path, name, strlen(name));
    if (name[0] == '@')
        address.sun_path[0] = '\0';
    cr_assert_eq(bind(manager, (const struct sockaddr *)&address,
                      (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
                                  strlen(name))),
                 0, "%s", name);
    return manager;
}

/* What has come, most of all nothing. */
static const char *heard(int manager, char text[64])
{
    ssize_t len = recv(manager, text, 63, MSG_DONTWAIT);

    text[len > 0 ? len : 0] = '\0';
    return text;
}

Test(manager, hears_what_it_is_told)
{
    char directory[] = "/tmp/postern-test-XXXXXX", path[64], name[64];
    char text[64];

    cr_assert_not_null(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/notify", directory);
    snprintf(name, sizeof name, "@%s", directory);
    const char *const names[] = { path, name };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        int manager = listen_at(names[i]);

        setenv("NOTIFY_SOCKET", names[i], 1);
        manager_tell("READY=1");
        cr_expect_str_eq(heard(manager, text), "READY=1", "%s", names[i]);
        cr_expect_str_eq(heard(manager, text), "", "%s", names[i]);
        close(manager);
    }
    unsetenv("NOTIFY_SOCKET");
    unlink(path);
    rmdir(directory);
}

Test(manager, need_not_be_there)
{
    static const char *const names[] = { "", "notify", "/nonexistent/notify",
                                         "@postern-test-nobody" };
    char long_name[200] = "/";

    memset(long_name + 1, 'x', sizeof long_name - 2);
    unsetenv("NOTIFY_SOCKET");
    manager_tell("READY=1");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        setenv("NOTIFY_SOCKET", names[i], 1);
        manager_tell("READY=1");
    }
    setenv("NOTIFY_SOCKET", long_name, 1);
    manager_tell("READY=1");
    unsetenv("NOTIFY_SOCKET");
}
