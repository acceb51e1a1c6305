/*
 * login.c - opening a mailbox: which Exchange, which folders, whose address
 *
 * The first call asks for the folders that every mailbox has.  Its answer
 * proves the password and tells the version of the server.  The second asks
 * whose mailbox it is: an id that is converted comes back with the primary
 * address.  Newer servers are asked once more, for what not every mailbox has.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/settings.h"
#include "proxy/base/arena.h"
#include "proxy/base/memory.h"
#include "proxy/base/secret.h"
#include "proxy/base/str.h"
#include "proxy/exchange/ews/book.h"
#include "proxy/exchange/ews/places.h"
#include "proxy/exchange/ews/public.h"
#include "proxy/exchange/http/client.h"

/* What the envelope and the other members of a request take of its limit. */
#define ENVELOPE_SIZE 65536

struct ews *ews_of(struct remote *remote)
{
    return (struct ews *)remote;
}

enum ews_version ews_version(const struct ews *ews)
{
    return (enum ews_version)atomic_load(ews->version);
}

void ews_close(struct remote **remote)
{
    struct ews *ews = ews_of(*remote);

    if (ews == NULL)
        return;
    http_client_free(&ews->http);
    public_routes_free(&ews->publics);
    book_place_free(&ews->book);
    for (size_t i = 0; i < FOLDER_USE_COUNT; i++)
        free(ews->uses[i]);
    free(ews->root);
    free(ews->mailbox);
    free(ews->spool_directory);
    free(ews->version);
    free(ews);
    *remote = NULL;
}

/* --- The folders that have a use ------------------------------------------ */

const char *ews_place(struct op *op, const struct ews *ews, const char *name)
{
    return ews->mailbox != NULL
               ? arena_printf(op->arena, "%s:%s", name, ews->mailbox)
               : name;
}

struct finding {
    struct ews *ews;
    enum status root; /* what became of the root */
};

static void take_folder(void *context, size_t which, enum status status,
                        const struct xml_node *folder)
{
    struct finding *finding = context;
    const char *id = xml_value(xml_child(folder, "FolderId"), "Id");

    if (which == 0)
        finding->root = status;
    if (status != STATUS_OK || id == NULL)
        return;
    if (which == 0)
        finding->ews->root = memory_strdup(id);
    else
        finding->ews->uses[places_of_mailbox[which].use] = memory_strdup(id);
}

static enum status find_folders(struct op *op, struct ews *ews)
{
    struct finding finding = { .ews = ews };
    const char *names[PLACES_MAX];
    size_t count = 0;

    for (; places_of_mailbox[count].name != NULL; count++)
        names[count] = ews_place(op, ews, places_of_mailbox[count].name);
    enum status status = places_get(op, ews, names, count, places_ids_only,
                                    take_folder, &finding);

    if (status == STATUS_OK)
        status = finding.root;
    if (status == STATUS_OK && ews->root == NULL)
        return op_fail(op, STATUS_INTERNAL,
                       "GetFolder: a mailbox without a root");
    /* Who may not see the root has no business here. */
    return status == STATUS_DENIED || status == STATUS_NO_FOLDER
               ? STATUS_AUTH_REFUSED
               : status;
}

/* --- What not every mailbox has ------------------------------------------- */

/* clang-format off */
static const struct {
    const char *name;
    enum ews_version since;
    enum folder_use use;     /* FOLDER_PLAIN: it tells of a store */
    enum folder_store store;
} extras[] = {
    { "#publicfoldersroot",    EWS_2007_SP1, FOLDER_PLAIN,   FOLDER_PUBLIC },
    { "#archivemsgfolderroot", EWS_2010_SP1, FOLDER_PLAIN,   FOLDER_OLD_MAIL },
    { "#archive",              EWS_2016,     FOLDER_ARCHIVE, FOLDER_OWN },
};
/* clang-format on */

#define EXTRAS (sizeof extras / sizeof *extras)

struct looking {
    struct op *op;
    struct ews *ews;
    size_t asked[EXTRAS];
    unsigned stores;
};

/* Other stores are looked for in the user's own mailbox only. */
static void build_extras(void *context, struct soap_request *request)
{
    struct looking *looking = context;
    size_t count = 0;

    places_ids_only(&request->writer);
    xml_open(&request->writer, "m:FolderIds");
    for (size_t i = 0; i < EXTRAS; i++) {
        if (request->version < extras[i].since ||
            (looking->ews->mailbox != NULL && extras[i].use == FOLDER_PLAIN))
            continue;
        looking->asked[count++] = i;
        soap_folder(&request->writer,
                    ews_place(looking->op, looking->ews, extras[i].name));
    }
    xml_close(&request->writer);
}

static void take_extra(void *context, const struct soap_message *message)
{
    struct looking *looking = context;
    const char *id = xml_value(xml_descendant(message->node, "FolderId"), "Id");

    if (message->index >= EXTRAS || message->verdict.status != STATUS_OK ||
        id == NULL)
        return;
    size_t i = looking->asked[message->index];
    if (extras[i].use == FOLDER_PLAIN)
        looking->stores |= 1u << extras[i].store;
    else
        looking->ews->uses[extras[i].use] = memory_strdup(id);
}

/* Nothing follows from a failure, and nobody waits for a second try.  Before
 * 2010 SP1 the call is not worth it: public folders are expected. */
static unsigned find_extras(struct op *op, struct ews *ews)
{
    struct op quiet = *op;
    struct looking looking = { .op = op, .ews = ews };
    struct soap_call call = { .operation = "GetFolder",
                              .build = build_extras,
                              .message = take_extra,
                              .context = &looking };
    struct patience patience;
    struct verdict verdict;

    if (ews->mailbox != NULL && ews_version(ews) < EWS_2016)
        return 0;
    if (ews_version(ews) < EWS_2010_SP1)
        return 1u << FOLDER_OWN | 1u << FOLDER_PUBLIC;
    patience_begin(&patience, &quiet, ews->patience);
    do
        verdict = soap_try(&quiet, ews, &call, op->arena, &patience, false);
    while (verdict.retry == RETRY_OLDER &&
           soap_again(&quiet, ews, &patience, &verdict, false));
    if (verdict.status != STATUS_OK)
        return 0;
    return looking.stores | 1u << FOLDER_OWN;
}

/* --- The address ---------------------------------------------------------- */

static void build_convert(void *context, struct soap_request *request)
{
    const struct ews *ews = context;
    struct xml_writer *writer = &request->writer;

    xml_attribute(writer, "DestinationFormat", "EwsId");
    xml_open(writer, "m:SourceIds");
    xml_open(writer, "t:AlternateId");
    xml_attribute(writer, "Format", "EwsId");
    xml_attribute(writer, "Id", ews->root);
    /* Any address will do here: the answer has the right one. */
    xml_attribute(writer, "Mailbox", "postern@postern.invalid");
    xml_close(writer);
    xml_close(writer);
}

static const char *find_address(struct op *op, struct ews *ews)
{
    struct soap_call call = { .operation = "ConvertId",
                              .build = build_convert,
                              .context = ews };
    struct op quiet = *op;
    const struct xml_node *message;

    if (soap_ask(&quiet, ews, &call, op->arena, &message) != STATUS_OK)
        return "";
    const char *address =
        xml_value(xml_descendant(message, "AlternateId"), "Mailbox");
    if (address != NULL && strchr(address, '@') != NULL &&
        !str_ends_nocase(address, "@postern.invalid"))
        return address;
    return ews->mailbox != NULL ? arena_strdup(op->arena, ews->mailbox) : "";
}

/* --- Opening -------------------------------------------------------------- */

static struct ews *new_ews(const struct settings *settings, const char *mailbox)
{
    struct ews *ews = memory_new(sizeof *ews);
    const char *path = settings->store.path;

    ews->remote.backend = &ews_backend;
    ews->patience = settings->exchange.patience;
    ews->push_timeout = settings->exchange.push_timeout;
    ews->push_silence = settings->exchange.push_silence;
    ews->answer_limit = settings->exchange.answer_limit;
    ews->book_limit = settings->directory.book_limit;
    ews->book_kept = settings->directory.book_kept;
    ews->book = book_place_new();
    if (path != NULL && path[0] == '/' && access(path, W_OK | X_OK) == 0)
        ews->spool_directory = memory_strdup(path);
    if (mailbox != NULL)
        ews->mailbox = memory_strdup(mailbox);
    ews->version = memory_new(sizeof *ews->version);
    atomic_init(ews->version, EWS_2007_SP1);
    return ews;
}

static void describe(struct op *op, const struct ews *ews, const char *address,
                     struct remote_account *about)
{
    const struct ews_build *build = &ews->build;
    uint64_t limit = version_request_limit(build) - ENVELOPE_SIZE;

    about->address = address;
    about->version =
        arena_printf(op->arena, "%s (%u.%u.%u)", version_product(build),
                     build->major, build->minor, build->build);
    about->message_limit = limit / 4 * 3;
}

static enum status open_mailbox(struct op *op, struct ews *ews,
                                const char *user, enum secret_kind kind,
                                struct remote_account *about)
{
    const char *whose = ews->mailbox != NULL ? ews->mailbox : user;

    if (strchr(whose, '@') != NULL)
        http_client_set_anchor(ews->http, whose);
    enum status status = find_folders(op, ews);
    if (status != STATUS_OK)
        return status;
    if (ews->build.major == 0)
        ews->build.major = 8;
    atomic_store(ews->version, version_of_build(&ews->build));
    const char *address = find_address(op, ews);
    if (*address != '\0')
        http_client_set_anchor(ews->http, address);
    if (*address != '\0' && ews->mailbox == NULL &&
        ews_version(ews) >= EWS_2013_SP1)
        ews->publics = public_routes_new(address);
    if (kind == SECRET_TOKEN)
        status = ews_check_owner(op, ews, user, address);
    if (status != STATUS_OK)
        return status;
    about->stores = find_extras(op, ews);
    if (op_cancelled(op))
        return op_fail(op, STATUS_CANCELLED, "cancelled while logging in");
    describe(op, ews, address, about);
    return STATUS_OK;
}

enum status ews_open(struct op *op, const struct settings *settings,
                     const char *user, const char *mailbox,
                     const struct secret *secret, struct remote **remote_out,
                     struct remote_account *about_out)
{
    struct ews *ews = new_ews(settings, mailbox);
    struct remote *remote = &ews->remote;
    enum status status =
        http_client_new(op, settings, user, secret, &ews->http);

    if (status == STATUS_OK)
        status = open_mailbox(op, ews, user, secret_kind(secret), about_out);
    if (status != STATUS_OK)
        ews_close(&remote);
    *remote_out = remote;
    return status;
}
