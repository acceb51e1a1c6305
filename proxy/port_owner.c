/*
 * port_owner.c - whose a TCP port is that we cannot have
 *
 * The kernel's table in /proc/net/tcp tells the inode of the socket that
 * listens; the process that has it open is found among /proc/<pid>/fd.
 */
#include "proxy/port_owner.h"

#include <dirent.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "proxy/base/str.h"

#define STATE_LISTEN 0x0a

struct holder {
    unsigned long inode;
    unsigned user;
};

/*
 * Finds the listening socket of a port in one of the kernel's tables, where the
 * columns are a number, the local and the remote address, the state, and later
 * the user and the inode:
 *
 *    0: 0100007F:0477 00000000:0000 0A 0:0 00:0 0 1000 0 31415 ...
 */
static bool find_holder(const char *table, unsigned port, struct holder *holder)
{
    FILE *file = fopen(table, "re");
    char line[512];
    bool found = false;

    while (file != NULL && !found && fgets(line, sizeof line, file) != NULL) {
        unsigned local, state;

        found = sscanf(line,
                       " %*d: %*[0-9A-Fa-f]:%x %*[0-9A-Fa-f]:%*x %x %*s %*s %*s"
                       " %u %*u %lu",
                       &local, &state, &holder->user, &holder->inode) == 4 &&
                local == port && state == STATE_LISTEN;
    }
    if (file != NULL)
        fclose(file);
    return found;
}

static bool process_has(const char *process, const char *socket)
{
    char path[300], target[64];
    bool found = false;

    snprintf(path, sizeof path, "/proc/%s/fd", process);
    DIR *directory = opendir(path);
    struct dirent *entry;
    while (directory != NULL && !found &&
           (entry = readdir(directory)) != NULL) {
        ssize_t len = readlinkat(dirfd(directory), entry->d_name, target,
                                 sizeof target - 1);

        if (len > 0) {
            target[len] = '\0';
            found = str_equal(target, socket);
        }
    }
    if (directory != NULL)
        closedir(directory);
    return found;
}

static void name_process(const char *process, char out[PORT_OWNER_SIZE])
{
    char path[300], name[64] = "process";

    snprintf(path, sizeof path, "/proc/%s/comm", process);
    FILE *file = fopen(path, "re");
    if (file != NULL) {
        if (fgets(name, sizeof name, file) != NULL)
            name[strcspn(name, "\n")] = '\0';
        fclose(file);
    }
    snprintf(out, PORT_OWNER_SIZE, "%s (process %.20s)", name, process);
}

static bool find_process(unsigned long inode, char out[PORT_OWNER_SIZE])
{
    DIR *directory = opendir("/proc");
    struct dirent *entry;
    char socket[64];
    bool found = false;

    snprintf(socket, sizeof socket, "socket:[%lu]", inode);
    while (directory != NULL && !found && (entry = readdir(directory)) != NULL)
        if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' &&
            process_has(entry->d_name, socket)) {
            name_process(entry->d_name, out);
            found = true;
        }
    if (directory != NULL)
        closedir(directory);
    return found;
}

bool port_owner(const struct sockaddr *address, char out[PORT_OWNER_SIZE])
{
    struct holder holder;
    unsigned port;

    if (address->sa_family == AF_INET)
        port = ntohs(((const struct sockaddr_in *)address)->sin_port);
    else if (address->sa_family == AF_INET6)
        port = ntohs(((const struct sockaddr_in6 *)address)->sin6_port);
    else
        return false;

    if (!find_holder("/proc/net/tcp", port, &holder) &&
        !find_holder("/proc/net/tcp6", port, &holder))
        return false;
    if (!find_process(holder.inode, out))
        snprintf(out, PORT_OWNER_SIZE, "a process of user %u", holder.user);
    return true;
}
