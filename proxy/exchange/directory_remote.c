/*
 * directory_remote.c - asking for people of the organisation
 *
 * What has been told of some letters answers for longer ones too, if it was all
 * there is: whom the longer ones find is among those whom the shorter ones have
 * found.
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/exchange/directory_kept.h"
#include "proxy/exchange/directory_pack.h"
#include "proxy/exchange/directory_words.h"
#include "proxy/format/mime_charset.h"

/* What one call tells at most. */
#define CALL 100

/* Begins the keys of answers that are people. */
#define FIND_KEY "find "
#define ADDRESS_KEY FIND_KEY "smtp:"

/* --- Answers -------------------------------------------------------------- */

static void put_person(struct buf *out, const struct person *person)
{
    size_t start = out->len;
    uint32_t len = 0;

    buf_append(out, &len, sizeof len);
    person_pack(out, person);
    len = (uint32_t)(out->len - start - sizeof len);
    memcpy(out->data + start, &len, sizeof len);
}

/* The next one of an answer; false at its end. */
static bool next_person(const struct directory_answer *answer, size_t *at,
                        const char **data_out, size_t *len_out)
{
    uint32_t len;

    if (answer->len - *at < sizeof len)
        return false;
    memcpy(&len, answer->data + *at, sizeof len);
    *data_out = answer->data + *at + sizeof len;
    *len_out = len;
    *at += sizeof len + len;
    return true;
}

static enum status ask_people(struct op *op, struct question *question,
                              struct directory_answer *answer)
{
    struct remote *remote;
    struct person *people = NULL;
    size_t count = 0;
    struct buf packed;
    enum status status = directory_remote_of(op, question->account, &remote);

    if (status == STATUS_OK)
        status = directory_told(question->account,
                                remote->backend->directory->find(
                                    op, remote, question->text, question->limit,
                                    &people, &count, &answer->complete));
    if (status == STATUS_NOT_FOUND) {
        answer->complete = true;
        return STATUS_OK;
    }
    answer->people = true;
    buf_init(&packed, op->arena);
    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        if (directory_name(op->arena, &people[i]))
            put_person(&packed, &people[i]);
    answer->data = packed.data;
    answer->len = packed.len;
    return status;
}

/* Tells of those in an answer; where it is to shorter letters (`text` not
 * NULL), of those who fit. */
static void tell(struct op *op, const struct directory_answer *answer,
                 const char *text, struct telling *telling)
{
    struct arena *scratch = arena_new();
    const char *const *asked =
        text != NULL ? words_asked(op->arena, text) : NULL;
    const char *data;
    size_t at = 0, len;

    while (telling->wanted && next_person(answer, &at, &data, &len)) {
        arena_reset(scratch);
        const struct person *person = person_unpack(scratch, data, len);

        if (person != NULL &&
            (asked == NULL || words_fit(asked, words_of(scratch, person))))
            telling_tell(telling, person);
    }
    arena_free(&scratch);
}

/* --- By the beginning ----------------------------------------------------- */

static struct question question_of(struct op *op, struct account *account,
                                   const char *text, size_t limit)
{
    return (struct question){
        .account = account,
        .key = arena_printf(op->arena, FIND_KEY "%s",
                            mime_fold_case(op->arena, text)),
        .text = text,
        .limit = limit == 0     ? UINT32_MAX
                 : limit < CALL ? CALL
                                : limit,
        .asked_ms = time_monotonic_ms(),
        .ask = ask_people,
    };
}

/* The answer to shorter letters, if it was all there is; fresh unless any
 * will do. */
static const struct directory_answer *find_shorter(
    struct op *op, const struct question *question, bool any)
{
    struct question shorter = *question;
    char *key = arena_strdup(op->arena, question->key);

    shorter.key = key;
    for (size_t len = strlen(key); len > strlen(FIND_KEY) + 1;) {
        do
            len--;
        while (((unsigned char)key[len] & 0xC0) == 0x80);
        key[len] = '\0';
        const struct directory_answer *answer = question_old(op, &shorter);
        if (answer != NULL && answer->complete &&
            (any || question_is_fresh(question, answer)))
            return answer;
    }
    return NULL;
}

static enum status find_beginning(struct op *op, struct question *question,
                                  struct telling *telling, bool *complete_out)
{
    const struct directory_answer *answer = question_known(op, question);
    const struct directory_answer *shorter =
        answer == NULL ? find_shorter(op, question, false) : NULL;

    *complete_out = shorter != NULL;
    if (shorter != NULL) {
        tell(op, shorter, question->text, telling);
        return STATUS_OK;
    }
    enum status status = question_answer(op, question, &answer);
    if (status == STATUS_OK) {
        *complete_out = answer->complete;
        tell(op, answer, NULL, telling);
    } else if (directory_is_passing(status)) {
        shorter = find_shorter(op, question, true);
        if (shorter != NULL) {
            tell(op, shorter, question->text, telling);
            status = STATUS_OK;
        }
    }
    return status;
}

/* Without what makes no difference, and without "=" at the front, which asks
 * Exchange for a whole name. */
static const char *trimmed(struct arena *arena, const char *text)
{
    struct buf out;

    buf_init(&out, arena);
    text += strspn(text, " \t\r\n=");
    for (char **word = str_split(arena, text, " \t\r\n"); *word != NULL; word++)
        buf_printf(&out, "%s%s", out.len > 0 ? " " : "", *word);
    return out.len > 0 ? out.data : "";
}

/* --- By the address ------------------------------------------------------- */

struct wanted {
    const struct question *question;
    const char *address;
    size_t at; /* behind the one who has it */
};

static bool has_address(void *context, const struct directory_answer *answer)
{
    struct wanted *wanted = context;
    const char *data;
    size_t len;

    wanted->at = 0;
    if (!answer->people || !question_is_fresh(wanted->question, answer))
        return false;
    while (next_person(answer, &wanted->at, &data, &len))
        if (person_packed_has(data, len, wanted->address))
            return true;
    return false;
}

/* Someone with that address among all who have been told of lately. */
static const struct person *find_told(struct op *op,
                                      const struct question *question,
                                      const char *address)
{
    struct wanted wanted = { .question = question, .address = address };
    const struct directory_answer *answer =
        directory_cache_search(op, account_directory_cache(question->account),
                               question->account->key, has_address, &wanted);
    const char *data;
    size_t at = 0, len;

    while (answer != NULL && next_person(answer, &at, &data, &len))
        if (at == wanted.at)
            return person_unpack(op->arena, data, len);
    return NULL;
}

static enum status find_address(struct op *op, struct account *account,
                                const char *address, struct telling *telling,
                                bool *complete_out)
{
    const struct directory_answer *answer;
    struct question question = question_of(
        op, account, arena_printf(op->arena, "smtp:%s", address), 1);
    const struct person *person = find_told(op, &question, address);

    *complete_out = person != NULL;
    if (person != NULL) {
        telling_tell(telling, person);
        return STATUS_OK;
    }
    enum status status = question_answer(op, &question, &answer);
    if (status == STATUS_OK) {
        *complete_out = answer->complete;
        tell(op, answer, NULL, telling);
    }
    return status;
}

/* --- All of them ---------------------------------------------------------- */

struct all {
    struct telling *telling;
    struct arena *scratch;
};

static bool take_one(void *context, const struct person *person)
{
    struct all *all = context;
    struct person named = *person;

    arena_reset(all->scratch);
    return !directory_name(all->scratch, &named) ||
           telling_tell(all->telling, &named);
}

/* Without keeping them. */
static enum status pass_on_all(struct op *op, struct account *account,
                               struct remote *remote, struct telling *telling,
                               bool *complete_out)
{
    struct all all = { .telling = telling, .scratch = arena_new() };
    enum status status =
        directory_told(account, remote->backend->directory->all(
                                    op, remote, take_one, &all, complete_out));

    arena_free(&all.scratch);
    return status == STATUS_CANCELLED && !telling->wanted ? STATUS_OK : status;
}

/* All of them, as long as they are few enough to be kept. */
struct everybody {
    struct arena *scratch;
    struct buf packed;
    uint64_t limit;
};

static bool pack_one(void *context, const struct person *person)
{
    struct everybody *everybody = context;
    struct person named = *person;

    arena_reset(everybody->scratch);
    if (directory_name(everybody->scratch, &named))
        put_person(&everybody->packed, &named);
    return everybody->packed.len <= everybody->limit;
}

/* That there are too many is kept as well: nobody, and not complete. */
static enum status ask_everybody(struct op *op, struct question *question,
                                 struct directory_answer *answer)
{
    struct everybody everybody = {
        .scratch = arena_new(),
        .limit = account_settings(question->account)->directory.cache_limit / 4,
    };
    struct remote *remote;
    enum status status = directory_remote_of(op, question->account, &remote);

    buf_init(&everybody.packed, op->arena);
    if (status == STATUS_OK)
        status = directory_told(
            question->account,
            remote->backend->directory->all(op, remote, pack_one, &everybody,
                                            &answer->complete));
    arena_free(&everybody.scratch);
    answer->people = true;
    if (everybody.packed.len > everybody.limit) {
        answer->complete = false;
        return op_cancelled(op) ? STATUS_CANCELLED : STATUS_OK;
    }
    answer->data = everybody.packed.data;
    answer->len = everybody.packed.len;
    return status;
}

static enum status find_all(struct op *op, struct account *account,
                            bool cheaply, struct telling *telling,
                            bool *complete_out)
{
    const struct directory_answer *answer;
    struct question question = {
        .account = account,
        .key = "everybody",
        .limit = UINT32_MAX,
        .asked_ms = time_monotonic_ms(),
        .ask = ask_everybody,
    };
    struct remote *remote;
    enum status status = directory_remote_of(op, account, &remote);

    *complete_out = false;
    if (status != STATUS_OK || remote->backend->directory->all == NULL)
        return status;
    status = question_answer(op, &question, &answer);
    if (status != STATUS_OK)
        return status;
    if (answer->len == 0 && !answer->complete && !cheaply)
        return pass_on_all(op, account, remote, telling, complete_out);
    *complete_out = answer->complete;
    tell(op, answer, NULL, telling);
    return STATUS_OK;
}

enum status directory_find_global(struct op *op, struct account *account,
                                  const struct people_query *query,
                                  struct telling *telling, bool *complete_out)
{
    if (query->by == PEOPLE_BY_ADDRESS)
        return find_address(op, account, query->text, telling, complete_out);
    const char *text =
        query->by == PEOPLE_ALL ? "" : trimmed(op->arena, query->text);
    if (*text == '\0')
        return find_all(op, account, query->cheaply, telling, complete_out);
    struct question question = question_of(op, account, text, query->limit);
    return find_beginning(op, &question, telling, complete_out);
}
