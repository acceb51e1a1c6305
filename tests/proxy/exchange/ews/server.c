/*
 * server.c - see server.h
 */
#include "tests/proxy/exchange/ews/server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECTIONS_MAX 64

struct peer {
    struct server *server;
    pthread_t thread;
    int socket;
    size_t number;
    atomic_bool used;
    atomic_bool over;
};

struct server {
    server_answer *answer;
    void *context;
    int listener;
    int stop[2];
    char url[64];
    pthread_t thread;
    pthread_mutex_t mutex;
    struct peer peers[CONNECTIONS_MAX];
    size_t connections;
    size_t requests;
    atomic_bool drop_bodies;
};

/* Waits until there is something to read; false when the server stops. */
static bool wait_readable(struct server *server, int descriptor)
{
    struct pollfd fds[2] = { { descriptor, POLLIN, 0 },
                             { server->stop[0], POLLIN, 0 } };

    while (poll(fds, 2, -1) < 0)
        ;
    return fds[1].revents == 0;
}

static void send_all(int descriptor, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t sent = send(descriptor, data, len, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        data += sent;
        len -= (size_t)sent;
    }
}

static void reset(struct peer *peer)
{
    struct linger linger = { 1, 0 };

    setsockopt(peer->socket, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
}

/* Reads a header; what has come of the body follows it in the buffer. */
static char *read_head(struct peer *peer, size_t *head_len, size_t *total)
{
    size_t size = 65536, len = 0;
    char *buffer = calloc(1, size + 1), *end = NULL;

    while (end == NULL && len < size) {
        if (!wait_readable(peer->server, peer->socket))
            break;
        ssize_t got = recv(peer->socket, buffer + len, size - len, 0);
        if (got <= 0)
            break;
        len += (size_t)got;
        end = memmem(buffer, len, "\r\n\r\n", 4);
    }
    if (end == NULL) {
        free(buffer);
        return NULL;
    }
    *head_len = (size_t)(end - buffer) + 4;
    *total = len;
    return buffer;
}

static char *read_body(struct peer *peer, const char *start, size_t have,
                       size_t len)
{
    bool keep = !atomic_load(&peer->server->drop_bodies);
    char *body = keep ? calloc(1, len + 1) : NULL;
    char waste[65536];

    if (keep)
        memcpy(body, start, have);
    while (have < len) {
        size_t room = len - have < sizeof waste ? len - have : sizeof waste;
        if (!wait_readable(peer->server, peer->socket))
            break;
        ssize_t got = recv(peer->socket, keep ? body + have : waste, room, 0);
        if (got <= 0)
            break;
        have += (size_t)got;
    }
    if (have == len)
        return keep ? body : calloc(1, 1);
    free(body);
    return NULL;
}

static size_t content_length(const char *head)
{
    const char *line = strcasestr(head, "\r\nContent-Length:");

    return line != NULL ? strtoul(line + 17, NULL, 10) : 0;
}

static bool send_reply(struct peer *peer, const struct server_reply *reply)
{
    char head[4096];

    if (reply->end == SERVER_HANG) {
        wait_readable(peer->server, peer->socket);
        return false;
    }
    if (reply->end == SERVER_RESET) {
        reset(peer);
        return false;
    }
    int len =
        snprintf(head, sizeof head,
                 "HTTP/1.1 %d X\r\nContent-Type: %s\r\nContent-Length: %zu\r\n"
                 "%s\r\n",
                 reply->status, reply->type, reply->len,
                 reply->headers != NULL ? reply->headers : "");
    send_all(peer->socket, head, (size_t)len);
    send_all(peer->socket, reply->body != NULL ? reply->body : "",
             reply->len - reply->cut);
    return reply->end == SERVER_KEEP && reply->cut == 0;
}

static bool serve_one(struct peer *peer)
{
    struct server *server = peer->server;
    struct server_reply reply = { .status = 200,
                                  .type = "text/xml; charset=utf-8" };
    size_t head_len, total;
    char *head = read_head(peer, &head_len, &total);

    if (head == NULL)
        return false;
    char *start = strndup(head, head_len);
    size_t len = content_length(start);
    char *body = read_body(peer, head + head_len, total - head_len, len);
    bool go_on = false;
    if (body != NULL) {
        pthread_mutex_lock(&server->mutex);
        struct server_request request = { start, body, len, server->requests++,
                                          peer->number };
        server->answer(server->context, &request, &reply);
        pthread_mutex_unlock(&server->mutex);
        if (reply.body != NULL && reply.len == 0)
            reply.len = strlen(reply.body);
        go_on = send_reply(peer, &reply);
    }
    free(reply.body);
    free(body);
    free(start);
    free(head);
    return go_on;
}

static void *serve(void *context)
{
    struct peer *peer = context;

    while (serve_one(peer))
        ;
    close(peer->socket);
    atomic_store(&peer->over, true);
    return NULL;
}

/* A place for one more connection, perhaps that of one that is over. */
static struct peer *free_peer(struct server *server)
{
    for (size_t i = 0;; i = (i + 1) % CONNECTIONS_MAX) {
        struct peer *peer = &server->peers[i];
        if (!atomic_load(&peer->used))
            return peer;
        if (atomic_load(&peer->over)) {
            pthread_join(peer->thread, NULL);
            return peer;
        }
    }
}

static void *listen_on(void *context)
{
    struct server *server = context;

    while (wait_readable(server, server->listener)) {
        int socket = accept(server->listener, NULL, NULL);
        int on = 1;
        if (socket < 0)
            continue;
        /* Head and body go out apart: without this the second waits for its
         * turn. */
        setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        struct peer *peer = free_peer(server);
        pthread_mutex_lock(&server->mutex);
        peer->number = server->connections++;
        pthread_mutex_unlock(&server->mutex);
        peer->server = server;
        peer->socket = socket;
        atomic_store(&peer->used, true);
        atomic_store(&peer->over, false);
        pthread_create(&peer->thread, NULL, serve, peer);
    }
    return NULL;
}

struct server *server_new(server_answer *answer, void *context)
{
    struct server *server = calloc(1, sizeof *server);
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof address;

    server->answer = answer;
    server->context = context;
    pthread_mutex_init(&server->mutex, NULL);
    server->listener = socket(AF_INET, SOCK_STREAM, 0);
    if (pipe(server->stop) < 0 ||
        bind(server->listener, (struct sockaddr *)&address, len) < 0 ||
        listen(server->listener, 16) < 0 ||
        getsockname(server->listener, (struct sockaddr *)&address, &len) < 0)
        abort();
    snprintf(server->url, sizeof server->url,
             "http://127.0.0.1:%d/EWS/Exchange.asmx", ntohs(address.sin_port));
    pthread_create(&server->thread, NULL, listen_on, server);
    return server;
}

void server_free(struct server **server)
{
    struct server *gone = *server;

    close(gone->stop[1]);
    pthread_join(gone->thread, NULL);
    for (size_t i = 0; i < CONNECTIONS_MAX; i++)
        if (atomic_load(&gone->peers[i].used))
            pthread_join(gone->peers[i].thread, NULL);
    close(gone->stop[0]);
    close(gone->listener);
    pthread_mutex_destroy(&gone->mutex);
    free(gone);
    *server = NULL;
}

const char *server_url(const struct server *server)
{
    return server->url;
}

void server_keep_bodies(struct server *server, bool keep)
{
    atomic_store(&server->drop_bodies, !keep);
}

size_t server_requests(struct server *server)
{
    pthread_mutex_lock(&server->mutex);
    size_t count = server->requests;
    pthread_mutex_unlock(&server->mutex);
    return count;
}

size_t server_connections(struct server *server)
{
    pthread_mutex_lock(&server->mutex);
    size_t count = server->connections;
    pthread_mutex_unlock(&server->mutex);
    return count;
}

char *server_soap(const char *operation, const char *build,
                  const char *messages)
{
    char *text;

    if (asprintf(
            &text,
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>"
            "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\">"
            "<s:Header><h:ServerVersionInfo %s "
            "xmlns:h=\"http://schemas.microsoft."
            "com/exchange/services/2006/types\"/></s:Header><s:Body>"
            "<m:%sResponse xmlns:m=\"http://schemas.microsoft.com/exchange/"
            "services/2006/messages\" xmlns:t=\"http://schemas.microsoft.com/"
            "exchange/services/2006/types\"><m:ResponseMessages>%s"
            "</m:ResponseMessages></m:%sResponse></s:Body></s:Envelope>",
            build, operation, messages, operation) < 0)
        abort();
    return text;
}
