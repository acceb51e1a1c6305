/*
 * public.c - see public.h
 *
 * "Route public folder hierarchy requests": the anchor is what autodiscover
 * tells the user of public folders, and the mailbox is the server that it tells
 * of that address.  "Route public folder content requests": both are the
 * address that it tells of the GUID at the same domain.
 *
 * Folders move between mailboxes, and mailboxes between servers.  So all that
 * is known is forgotten after an hour.
 */
#include "proxy/exchange/ews/public.h"

#include <ctype.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/base64.h"
#include "proxy/base/log.h"
#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "proxy/base/table.h"
#include "proxy/base/time.h"
#include "proxy/exchange/ews/autodiscover.h"
#include "proxy/exchange/ews/folder_words.h"
#include "proxy/exchange/ews/places.h"

#define KEPT_MS (60 * 60 * 1000u)

/* After this long a server is asked again that has not told. */
#define FAILED_MS (5 * 60 * 1000u)

/* More folders than these are not kept in mind. */
#define FOLDERS_MAX 50000

/* A mailbox with the content of folders. */
struct mailbox {
    char guid[PUBLIC_GUID_SIZE];
    const char *address; /* NULL: not asked for yet; "": not to be had */
};

/* Where a folder is. */
struct place {
    struct mailbox *mailbox; /* NULL: Exchange does not tell */
};

struct public_routes {
    char *user;

    pthread_mutex_t mutex; /* for what follows, which lies in the arena */
    struct arena *arena;
    struct table *folders;
    struct table *mailboxes; /* by GUID */
    size_t folder_count;
    struct http_route tree;
    const char *domain;      /* of the mailboxes' GUIDs; NULL: not known */
    uint64_t asked_ms;       /* when the tree was asked for; 0: not yet */
    bool told;               /* the log says that it is not known */
};

const struct property public_replicas = { PROPERTY_TAG, 0x6698, NULL,
                                          "Binary" };

/* --- Memory --------------------------------------------------------------- */

static void forget(struct public_routes *routes)
{
    arena_reset(routes->arena);
    routes->folders = table_new(routes->arena);
    routes->mailboxes = table_new(routes->arena);
    routes->folder_count = 0;
    routes->tree = (struct http_route){ 0 };
    routes->domain = NULL;
    routes->asked_ms = 0;
}

struct public_routes *public_routes_new(const char *address)
{
    struct public_routes *routes = memory_new(sizeof *routes);

    pthread_mutex_init(&routes->mutex, NULL);
    routes->user = memory_strdup(address);
    routes->arena = arena_new();
    forget(routes);
    return routes;
}

void public_routes_free(struct public_routes **routes)
{
    struct public_routes *gone = *routes;

    if (gone == NULL)
        return;
    arena_free(&gone->arena);
    pthread_mutex_destroy(&gone->mutex);
    free(gone->user);
    free(gone);
    *routes = NULL;
}

/* --- Where folders are ---------------------------------------------------- */

static bool is_guid(const char *text, size_t len)
{
    for (size_t i = 0; i < PUBLIC_GUID_SIZE - 1 && i < len; i++)
        if (i == 8 || i == 13 || i == 18 || i == 23
                ? text[i] != '-'
                : !isxdigit((unsigned char)text[i]))
            return false;
    return len >= PUBLIC_GUID_SIZE - 1;
}

void public_read_guid(const char *replicas, char guid_out[PUBLIC_GUID_SIZE])
{
    struct base64_decoder decoder = { 0 };
    char text[PUBLIC_GUID_SIZE + 3];
    size_t len = replicas != NULL ? strlen(replicas) : 0;

    /* 48 characters are the 36 octets of the first one. */
    *guid_out = '\0';
    len = len < 48 ? len : 48;
    if (!base64_decoder_feed(&decoder, replicas, len, text, &len) ||
        !is_guid(text, len))
        return;
    memcpy(guid_out, text, PUBLIC_GUID_SIZE - 1);
    guid_out[PUBLIC_GUID_SIZE - 1] = '\0';
    str_lower(guid_out);
}

static struct mailbox *find_mailbox(struct public_routes *routes,
                                    const char *guid)
{
    struct mailbox *mailbox = table_find(routes->mailboxes, 0, guid);

    if (mailbox != NULL)
        return mailbox;
    mailbox = arena_alloc(routes->arena, sizeof *mailbox);
    memcpy(mailbox->guid, guid, PUBLIC_GUID_SIZE);
    return table_add(routes->mailboxes, 0, mailbox->guid, mailbox);
}

static struct place *find_place(struct public_routes *routes,
                                const char *folder)
{
    struct place *place = table_find(routes->folders, 0, folder);

    if (place != NULL)
        return place;
    place = arena_alloc(routes->arena, sizeof *place);
    routes->folder_count++;
    return table_add(routes->folders, 0, arena_strdup(routes->arena, folder),
                     place);
}

void public_note(struct public_routes *routes, const char *folder,
                 const char *replicas)
{
    char guid[PUBLIC_GUID_SIZE];

    public_read_guid(replicas, guid);
    pthread_mutex_lock(&routes->mutex);
    if (routes->folder_count >= FOLDERS_MAX)
        forget(routes);
    find_place(routes, folder)->mailbox =
        *guid != '\0' ? find_mailbox(routes, guid) : NULL;
    pthread_mutex_unlock(&routes->mutex);
}

static void take_place(void *context, size_t which, enum status status,
                       const struct xml_node *folder)
{
    struct public_routes *routes = context;
    const char *id = xml_value(xml_child(folder, "FolderId"), "Id");

    (void)which;
    if (status == STATUS_OK && id != NULL)
        public_note(routes, id, property_text(folder, &public_replicas));
}

static void write_shape(struct xml_writer *writer)
{
    const struct property *const wanted[] = { &public_replicas };

    folder_write_shape(writer, wanted, 1);
}

/* After a restart folders are known whose mailboxes are not. The one with the
 * tree knows them of all. */
static void ask_places(struct op *op, struct ews *ews,
                       const struct http_route *tree,
                       const char *const folders[], size_t count)
{
    struct public_routes *routes = ews->publics;
    const char **asked = arena_array(op->arena, count + 1, sizeof *asked);
    const struct route route = { .tree = *tree, .content = *tree };
    struct ews view = *ews;
    size_t asked_count = 0;

    pthread_mutex_lock(&routes->mutex);
    for (size_t i = 0; i < count; i++)
        if (table_find(routes->folders, 0, folders[i]) == NULL)
            asked[asked_count++] = folders[i];
    pthread_mutex_unlock(&routes->mutex);
    view.route = &route;
    if (asked_count > 0)
        places_get(op, &view, asked, asked_count, write_shape, take_place,
                   routes);
}

/* --- Addresses ------------------------------------------------------------ */

static const char *domain_of(const char *address)
{
    const char *at = address != NULL ? strrchr(address, '@') : NULL;

    return at != NULL ? at + 1 : NULL;
}

/* What is said once is enough for the log. */
static void note_failure(struct op *op, struct public_routes *routes)
{
    pthread_mutex_lock(&routes->mutex);
    bool told = routes->told;
    routes->told = true;
    routes->asked_ms = time_monotonic_ms();
    pthread_mutex_unlock(&routes->mutex);
    if (!told)
        log_info(op->session,
                 "exchange: public folders are not routed user=%s reason=%s",
                 routes->user, op->reason != NULL ? op->reason : "unknown");
}

static bool ask_tree(struct op *op, struct ews *ews)
{
    struct public_routes *routes = ews->publics;
    struct autodiscover user, tree;
    enum status status = autodiscover_ask(op, ews, routes->user, &user);

    if (status == STATUS_OK && user.public_address == NULL)
        status = op_fail(op, STATUS_NOT_FOUND,
                         "autodiscover: no mailbox with public folders");
    if (status == STATUS_OK)
        status = autodiscover_ask(op, ews, user.public_address, &tree);
    if (status != STATUS_OK && status != STATUS_CANCELLED)
        note_failure(op, routes);
    if (status != STATUS_OK)
        return false;
    /* Without a GUID it is the name of a server, as before 2013. */
    bool is_mailbox = domain_of(tree.server) != NULL;
    const char *mailbox = is_mailbox ? tree.server : NULL;
    const char *named = is_mailbox ? tree.server : user.public_address;
    pthread_mutex_lock(&routes->mutex);
    routes->tree = (struct http_route){
        .anchor = arena_strdup(routes->arena, user.public_address),
        .public_mailbox = arena_strdup(routes->arena, mailbox),
    };
    routes->domain = arena_strdup(routes->arena, domain_of(named));
    routes->asked_ms = time_monotonic_ms();
    pthread_mutex_unlock(&routes->mutex);
    return true;
}

static struct http_route copy_route(struct op *op,
                                    const struct http_route *route)
{
    return (struct http_route){
        .anchor = arena_strdup(op->arena, route->anchor),
        .public_mailbox = arena_strdup(op->arena, route->public_mailbox),
    };
}

/* Whether the tree is known, or may be asked for now. */
static bool recall_tree(struct op *op, struct public_routes *routes,
                        struct http_route *tree_out, bool *ask_out)
{
    uint64_t now = time_monotonic_ms();

    pthread_mutex_lock(&routes->mutex);
    bool known = routes->tree.anchor != NULL;
    *ask_out = routes->asked_ms == 0 ||
               now - routes->asked_ms >= (known ? KEPT_MS : FAILED_MS);
    if (known && *ask_out) {
        forget(routes);
        known = false;
    }
    if (known)
        *tree_out = copy_route(op, &routes->tree);
    pthread_mutex_unlock(&routes->mutex);
    return known;
}

static bool find_tree(struct op *op, struct ews *ews,
                      struct http_route *tree_out)
{
    bool ask;

    return recall_tree(op, ews->publics, tree_out, &ask) ||
           (ask && ask_tree(op, ews) &&
            recall_tree(op, ews->publics, tree_out, &ask));
}

/* The address of the mailbox with the folder; NULL: it is not known.  Where it
 * could be asked for, `question_out` is what for, and NULL otherwise. */
static const char *recall_address(struct op *op, struct public_routes *routes,
                                  const char *folder, const char **question_out)
{
    const char *address = NULL;

    *question_out = NULL;
    pthread_mutex_lock(&routes->mutex);
    const struct place *place = table_find(routes->folders, 0, folder);
    const struct mailbox *mailbox = place != NULL ? place->mailbox : NULL;
    if (mailbox != NULL && mailbox->address != NULL)
        address = arena_strdup(op->arena, mailbox->address);
    else if (mailbox != NULL && routes->domain != NULL)
        *question_out = arena_printf(op->arena, "%s@%s", mailbox->guid,
                                     routes->domain);
    pthread_mutex_unlock(&routes->mutex);
    return address != NULL && *address != '\0' ? address : NULL;
}

static void ask_address(struct op *op, struct ews *ews, const char *question)
{
    struct public_routes *routes = ews->publics;
    struct autodiscover answer;
    enum status status = autodiscover_ask(op, ews, question, &answer);
    char guid[PUBLIC_GUID_SIZE] = "";

    if (status == STATUS_CANCELLED)
        return;
    memcpy(guid, question, sizeof guid - 1);
    pthread_mutex_lock(&routes->mutex);
    find_mailbox(routes, guid)->address =
        status == STATUS_OK && answer.address != NULL
            ? arena_strdup(routes->arena, answer.address)
            : "";
    pthread_mutex_unlock(&routes->mutex);
}

/* The mailbox with the tree is where folders are that say nothing. */
static struct http_route find_content(struct op *op, struct ews *ews,
                                      const struct http_route *tree,
                                      const char *folder)
{
    const char *question;
    const char *address =
        recall_address(op, ews->publics, folder, &question);

    if (question != NULL) {
        ask_address(op, ews, question);
        address = recall_address(op, ews->publics, folder, &question);
    }
    if (address == NULL)
        return *tree;
    return (struct http_route){ .anchor = address, .public_mailbox = address };
}

bool public_find(struct op *op, struct ews *ews, const char *const folders[],
                 size_t count, struct http_route *tree_out,
                 struct http_route routes_out[])
{
    struct op quiet = *op;

    if (ews->publics == NULL || !find_tree(&quiet, ews, tree_out))
        return false;
    ask_places(&quiet, ews, tree_out, folders, count);
    for (size_t i = 0; i < count; i++)
        routes_out[i] = find_content(&quiet, ews, tree_out, folders[i]);
    return true;
}
