/*
 * directory_book.c - the offline address book in the index
 *
 * Editions have numbers of ours.  A new one is written beside the one in use,
 * some people at a time; a fact in the index says which is in use, and when the
 * server was last asked for a newer one.  What a download has left that came to
 * nothing is taken away before the next.
 */
#include "proxy/exchange/directory_book.h"

#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/log.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/exchange/directory_listed.h"
#include "proxy/exchange/helpers.h"

#define FACT "book"
#define KEPT_FILE "book.data"

/* How long after a failure it is not tried again. */
#define RETRY_MS (10 * 60 * 1000u)

/* --- Which edition is in use ---------------------------------------------- */

struct book {
    int64_t number; /* 0: none */
    int64_t looked; /* when, by the wall clock */
    struct remote_book_edition edition;
};

/* "<id>\n<number> <looked> <sequence>" */
static struct book book_of(struct op *op, struct account *account)
{
    const char *fact = index_fact(op, account->index, FACT);
    const char *line = fact != NULL ? strchr(fact, '\n') : NULL;
    char **parts = str_split(op->arena, line != NULL ? line : "", "\n ");
    struct book book = { .edition = { .id = "" } };
    uint64_t sequence;

    if (parts[0] == NULL || parts[1] == NULL || parts[2] == NULL ||
        !str_to_i64(parts[0], &book.number) ||
        !str_to_i64(parts[1], &book.looked) ||
        !str_to_u64(parts[2], UINT32_MAX, &sequence))
        return (struct book){ .edition = { .id = "" } };
    book.edition.sequence = (uint32_t)sequence;
    book.edition.id = arena_strndup(op->arena, fact, (size_t)(line - fact));
    return book;
}

static enum status keep_book(struct op *op, struct account *account,
                             const struct book *book)
{
    return index_set_fact(
        op, account->index, FACT,
        arena_printf(op->arena, "%s\n%lld %lld %lu", book->edition.id,
                     (long long)book->number, (long long)book->looked,
                     (unsigned long)book->edition.sequence));
}

/* Takes all other editions away, a few people at a time. */
static enum status drop_others(struct op *op, struct account *account,
                               int64_t number)
{
    enum status status = STATUS_OK;

    for (bool left = true; left && status == STATUS_OK;) {
        status = op_cancelled(op)
                     ? STATUS_CANCELLED
                     : index_people_drop(op, account->index, number, &left);
    }
    return status;
}

/* --- Downloading ---------------------------------------------------------- */

struct download {
    struct listing listing;
    struct arena *scratch; /* for one person */
    size_t count;
};

static bool take_person(void *context, const struct person *person)
{
    struct download *download = context;
    struct person named = *person;

    arena_reset(download->scratch);
    if (!directory_name(download->scratch, &named))
        return true;
    download->count++;
    return listing_add(&download->listing, &named, 0, 0);
}

static const char *folder_of(const struct account *account)
{
    const char *folder = getenv("TMPDIR");

    if (account->directory != NULL)
        return account->directory;
    return folder != NULL && *folder != '\0' ? folder : "/tmp";
}

/* Only what is on a disk anyway is kept there. */
static struct remote_book_edition known_edition(struct op *op,
                                                const struct account *account,
                                                const struct book *book)
{
    struct remote_book_edition edition = book->edition;

    if (account->directory != NULL)
        edition.kept =
            arena_printf(op->arena, "%s/" KEPT_FILE, account->directory);
    return edition;
}

static enum status download(struct op *op, struct account *account,
                            struct download *download, const struct book *known,
                            struct remote_book *fresh)
{
    const struct remote_book_edition edition =
        known_edition(op, account, known);
    struct remote *remote;
    enum status status = directory_remote_of(op, account, &remote);

    if (status == STATUS_OK && remote->backend->directory->book == NULL)
        status = op_fail(op, STATUS_UNSUPPORTED, "there is no address book");
    if (status != STATUS_OK)
        return status;
    download->scratch = arena_new();
    listing_begin(&download->listing, op, account, known->number + 1);
    status =
        directory_told(account, remote->backend->directory->book(
                                    op, remote, account_address(op, account),
                                    folder_of(account), &edition,
                                    take_person, download, fresh));
    enum status listed = listing_end(&download->listing);
    arena_free(&download->scratch);
    return listed != STATUS_OK ? listed : status;
}

/* Nobody sees a new edition before all of it is there. */
static enum status renew(struct op *op, struct account *account)
{
    struct book book = book_of(op, account);
    struct download state = { .count = 0 };
    struct remote_book fresh = { 0 };
    enum status status = drop_others(op, account, book.number);

    if (status == STATUS_OK)
        status = download(op, account, &state, &book, &fresh);
    /* Where there is none it is not looked for all the time. */
    if (status != STATUS_OK && status != STATUS_UNSUPPORTED)
        return status;
    bool is_new = status == STATUS_OK && !fresh.unchanged;
    if (is_new) {
        book.number++;
        book.edition = fresh.edition;
    }
    book.looked = time_now();
    enum status kept = keep_book(op, account, &book);
    if (kept == STATUS_OK && is_new) {
        log_info(op->session,
                 "address book read user=%s people=%zu sequence=%lu",
                 account_user(account), state.count,
                 (unsigned long)book.edition.sequence);
        drop_others(op, account, book.number);
    }
    return kept != STATUS_OK ? kept : status;
}

static void look(void *subject)
{
    struct account *account = subject;
    struct arena *arena = arena_new();
    struct op op;

    op_init(&op, arena, "postern");
    op.background = true;
    op.cancelled = account_ending(account);
    enum status status = renew(&op, account);
    if (status != STATUS_OK && status != STATUS_UNSUPPORTED &&
        status != STATUS_CANCELLED)
        log_warning("postern",
                    "address book not read user=%s status=%s reason=\"%s\"",
                    account_user(account), status_name(status),
                    op.reason != NULL ? op.reason : "");
    atomic_store(&account->people->book_failed_ms,
                 status == STATUS_OK || status == STATUS_UNSUPPORTED
                     ? 0
                     : time_monotonic_ms());
    arena_free(&arena);
    atomic_store(&account->people->book_looking, false);
}

/* --- Using it ------------------------------------------------------------- */

static bool is_due(struct account *account, const struct book *book)
{
    uint64_t failed = atomic_load(&account->people->book_failed_ms);
    int64_t interval = account_settings(account)->directory.book_interval;
    int64_t now = time_now();

    if (failed != 0 && time_monotonic_ms() - failed < RETRY_MS)
        return false;
    /* The clock may have been set back. */
    return book->looked > now || book->looked + interval <= now;
}

bool book_find(struct op *op, struct account *account,
               const struct people_query *query, struct telling *telling,
               bool *complete_out, enum status *status_out)
{
    const struct directory_settings *settings =
        &account_settings(account)->directory;

    if (!settings->offline || *settings->server != '\0')
        return false;
    struct book book = book_of(op, account);
    if (is_due(account, &book) &&
        !atomic_exchange(&account->people->book_looking, true))
        helpers_do(account_helpers(account), look, account);
    if (book.number == 0)
        return false;
    *status_out = listed_find(op, account, book.number, query, telling);
    /* Some of an edition may have gone while it was being read. */
    *complete_out =
        *status_out == STATUS_OK && book_of(op, account).number == book.number;
    return true;
}
