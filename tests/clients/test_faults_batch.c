/*
 * test_faults_batch.c - faults in the middle of many messages
 *
 * A command on several messages may be done in part.  Whatever the gateway answers is
 * compared with what is in the mailboxes: OK only if all of it happened, untagged
 * responses only for what happened, nothing twice, no message lost, no content that is
 * not the message's; the session lives, and works again when Exchange does.
 */
#include <criterion/criterion.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/clients/answer.h"
#include "tests/clients/harness.h"
#include "tests/clients/link.h"
#include "tests/clients/script.h"
#include "tests/exchange/model.h"

#define MESSAGES 6

struct scene;

/* A command: what it asks of Exchange, how it is given, what has to be true then. */
struct operation {
    const char *name;
    const char *asks;
    enum said (*run)(struct scene *scene);
    void (*check)(struct scene *scene);
};

/* One command under one fault. */
struct scene {
    struct harness *harness;
    struct link *imap;
    const struct operation *operation;
    const char *title;       /* for messages */
    char folder[32];         /* its messages are <1@FOLDER.example> and so on */
    char target[32];
    enum said said;
    size_t shown;            /* what the untagged responses told of */
};

/* --- What is there ---------------------------------------------------------------- */

static size_t count_in(struct scene *scene, const char *folder)
{
    return exchange_count(scene->harness->exchange, ANN, folder);
}

/* No message is twice in a folder. */
static void check_doubles(struct scene *scene, const char *folder)
{
    for (size_t i = 1; i <= MESSAGES; i++) {
        char id[64];
        snprintf(id, sizeof id, "<%zu@%s.example>", i, scene->folder);
        cr_expect(exchange_count_message_id(scene->harness->exchange, ANN,
                                            folder, id) <= 1,
                  "%s: %s is twice in %s", scene->title, id, folder);
    }
}

static size_t count_read(struct scene *scene)
{
    struct exchange *exchange = scene->harness->exchange;
    size_t count = 0;

    exchange_lock(exchange);
    struct sim_folder *folder =
        sim_folder_by_path(sim_mailbox_find(exchange, ANN), scene->folder);
    for (size_t i = 0; i < folder->count; i++)
        count += (folder->items[i]->flags & FLAG_READ) != 0;
    exchange_unlock(exchange);
    return count;
}

/* Checks the claim of a tagged OK. */
#define EXPECT_IF_OK(scene, condition)                                         \
    cr_expect((scene)->said != SAID_OK || (condition),                         \
              "%s: OK, but not " #condition, (scene)->title)

/* --- Commands ------------------------------------------------------------------------ */

static void select_folder(struct scene *scene, const char *folder)
{
    struct answer answer = answer_to(scene->imap, "SELECT %s", folder);
    cr_expect(answer.said == SAID_OK, "%s: SELECT before: %s", scene->title,
              answer.text.data);
    answer_fini(&answer);
}

/* Runs a command and counts what it tells of. */
static enum said run_command(struct scene *scene, const char *command,
                             const char *telling)
{
    struct answer answer = answer_to(scene->imap, "%s", command);
    enum said said = answer.said;

    scene->shown = answer_count(&answer, telling);
    answer_fini(&answer);
    return said;
}

/* Compares each literal with the message that it claims to be. */
static size_t check_literals(struct scene *scene, const struct answer *answer)
{
    const char *at = answer->text.len > 0 ? answer->text.data : "";
    const char *end = at + answer->text.len;
    size_t count = 0;
    unsigned number;

    while ((at = strstr(at, "* ")) != NULL && at < end) {
        char *size_at = strchr(at, '{');
        if (sscanf(at, "* %u FETCH", &number) != 1 || size_at == NULL) {
            at += 2;
            continue;
        }
        size_t len = strtoul(size_at + 1, &size_at, 10), real_len = 0;
        char *real = exchange_content(scene->harness->exchange, ANN,
                                      scene->folder, number - 1, &real_len);
        cr_expect(real != NULL && len == real_len &&
                      memcmp(size_at + 3, real, len) == 0,
                  "%s: message %u is not what Exchange has", scene->title,
                  number);
        free(real);
        count++;
        at = size_at + 3 + len;
    }
    return count;
}

static enum said run_fetch(struct scene *scene)
{
    select_folder(scene, scene->folder);
    struct answer answer = answer_to(scene->imap, "FETCH 1:* BODY.PEEK[]");
    enum said said = answer.said;

    scene->shown = check_literals(scene, &answer);
    answer_fini(&answer);
    return said;
}

static void check_fetch(struct scene *scene)
{
    EXPECT_IF_OK(scene, scene->shown == MESSAGES);
}

static enum said run_store(struct scene *scene)
{
    select_folder(scene, scene->folder);
    return run_command(scene, "STORE 1:* +FLAGS (\\Seen)", "\\Seen");
}

static void check_store(struct scene *scene)
{
    EXPECT_IF_OK(scene, count_read(scene) == MESSAGES);
    cr_expect(scene->shown <= count_read(scene),
              "%s: %zu shown as read, %zu are", scene->title, scene->shown,
              count_read(scene));
}

static enum said run_copy(struct scene *scene)
{
    char command[64];
    select_folder(scene, scene->folder);
    snprintf(command, sizeof command, "COPY 1:* %s", scene->target);
    return run_command(scene, command, "COPYUID");
}

static void check_copy(struct scene *scene)
{
    EXPECT_IF_OK(scene, count_in(scene, scene->target) == MESSAGES);
    cr_expect_eq(count_in(scene, scene->folder), MESSAGES, "%s: originals",
                 scene->title);
}

static enum said run_move(struct scene *scene)
{
    char command[64];
    select_folder(scene, scene->folder);
    snprintf(command, sizeof command, "MOVE 1:* %s", scene->target);
    return run_command(scene, command, " EXPUNGE\r\n");
}

static void check_move(struct scene *scene)
{
    size_t moved = count_in(scene, scene->target);
    EXPECT_IF_OK(scene, moved == MESSAGES);
    cr_expect_eq(count_in(scene, scene->folder) + moved, MESSAGES,
                 "%s: moved %zu, left %zu", scene->title, moved,
                 count_in(scene, scene->folder));
    cr_expect(scene->shown <= moved, "%s: %zu shown as moved, %zu are",
              scene->title, scene->shown, moved);
}

static enum said run_expunge(struct scene *scene)
{
    return run_command(scene, "EXPUNGE", " EXPUNGE\r\n");
}

static void check_expunge(struct scene *scene)
{
    size_t gone = MESSAGES - count_in(scene, scene->folder);
    EXPECT_IF_OK(scene, gone == MESSAGES);
    cr_expect(scene->shown <= gone, "%s: %zu shown as gone, %zu are",
              scene->title, scene->shown, gone);
}

/* clang-format off */
static const struct operation operations[] = {
    { "FETCH",   "GetItem",         run_fetch,   check_fetch },
    { "STORE",   "UpdateItem",      run_store,   check_store },
    { "COPY",    "CopyItem",        run_copy,    check_copy },
    { "MOVE",    "MoveItem",        run_move,    check_move },
    { "EXPUNGE", "DeleteItem",      run_expunge, check_expunge },
};
/* clang-format on */

#define OPERATIONS (sizeof operations / sizeof *operations)

/* --- Scenes ---------------------------------------------------------------------------- */

static void name_folders(struct scene *scene, const char *suffix)
{
    snprintf(scene->folder, sizeof scene->folder, "in-%s-%s",
             scene->operation->name, suffix);
    snprintf(scene->target, sizeof scene->target, "to-%s-%s",
             scene->operation->name, suffix);
}

static void fill_folders(struct scene *scene)
{
    struct exchange *exchange = scene->harness->exchange;
    exchange_add_folder(exchange, ANN, scene->folder);
    exchange_add_folder(exchange, ANN, scene->target);
    for (size_t i = 1; i <= MESSAGES; i++) {
        char id[64];
        snprintf(id, sizeof id, "<%zu@%s.example>", i, scene->folder);
        char *message = harness_message("A letter", id, "Some words.\r\n");
        harness_deliver(scene->harness, scene->folder, message);
        free(message);
    }
}

/* EXPUNGE needs something to expunge, from before the fault. */
static void mark_deleted(struct scene *scene)
{
    select_folder(scene, scene->folder);
    struct answer answer =
        answer_to(scene->imap, "STORE 1:* +FLAGS.SILENT (\\Deleted)");
    cr_expect(answer.said == SAID_OK, "%s: STORE before", scene->title);
    answer_fini(&answer);
}

/* After the fault: the session answers, and shows what is there. */
static void check_recovery(struct scene *scene)
{
    struct answer noop = answer_to(scene->imap, "NOOP");
    cr_assert(noop.said == SAID_OK, "%s: the session has ended: %s\n%s",
              scene->title, noop.text.len > 0 ? noop.text.data : "",
              harness_log(scene->harness));
    answer_fini(&noop);

    struct answer answer = answer_to(scene->imap, "SELECT %s", scene->folder);
    cr_expect(answer.said == SAID_OK, "%s: SELECT afterwards: %s",
              scene->title, answer.text.data);
    cr_expect_eq(answer_exists(&answer), (long)count_in(scene, scene->folder),
                 "%s: what is shown afterwards", scene->title);
    answer_fini(&answer);

    struct answer fetch = answer_to(scene->imap, "UID FETCH 1:* BODY.PEEK[]");
    cr_expect(fetch.said == SAID_OK, "%s: FETCH afterwards", scene->title);
    cr_expect_eq(check_literals(scene, &fetch), count_in(scene, scene->folder),
                 "%s: what is read afterwards", scene->title);
    answer_fini(&fetch);
}

/* `heals`: once is not enough to make the command fail. */
static void play(struct scene *scene, const struct exchange_fault_rule *fault,
                 bool heals)
{
    if (strcmp(scene->operation->name, "EXPUNGE") == 0)
        mark_deleted(scene);

    struct exchange_fault_rule rule = *fault;
    rule.operation = scene->operation->asks;
    exchange_set_fault(scene->harness->exchange, &rule);
    scene->said = scene->operation->run(scene);
    harness_recover(scene->harness);

    cr_expect(scene->said == SAID_OK || scene->said == SAID_NO,
              "%s: the answer is %s", scene->title, said_name(scene->said));
    cr_expect(!heals || scene->said == SAID_OK, "%s: did not heal",
              scene->title);
    scene->operation->check(scene);
    check_doubles(scene, scene->folder);
    check_doubles(scene, scene->target);
    check_recovery(scene);
}

/* One fault under every command. */
static void play_fault(const char *name, const struct exchange_fault_rule *fault,
                       bool heals)
{
    struct harness harness;
    struct scene scenes[OPERATIONS];
    char titles[OPERATIONS][64];

    harness_start(&harness, EXCHANGE_2016,
                  fault->fault == FAULT_HANG ? HASTY
                  : heals                    ? PATIENT
                                             : IMPATIENT);
    for (size_t i = 0; i < OPERATIONS; i++) {
        scenes[i] = (struct scene){ .harness = &harness,
                                    .operation = &operations[i],
                                    .title = titles[i] };
        snprintf(titles[i], sizeof titles[i], "%s %s under %s",
                 operations[i].name,
                 fault->times == 1 ? "once" : "always", name);
        name_folders(&scenes[i], fault->times == 1 ? "once" : "always");
        fill_folders(&scenes[i]);
    }
    struct link *imap = script_imap_open(&harness);
    for (size_t i = 0; i < OPERATIONS; i++) {
        scenes[i].imap = imap;
        play(&scenes[i], fault, heals);
    }
    link_close(&imap);
    harness_stop(&harness);
}

/* Once, and for good. */
static void play_both(const char *name, enum exchange_fault fault, long parameter,
                      const char *code, bool heals)
{
    struct exchange_fault_rule rule = { .fault = fault,
                                        .times = 1,
                                        .parameter = parameter,
                                        .code = code };
    play_fault(name, &rule, heals);
    rule.times = UINT_MAX;
    play_fault(name, &rule, false);
}

#define BATCH_TEST(name, fault, parameter, code, heals)                        \
    Test(faults_batch, name, .timeout = SECONDS)                               \
    {                                                                          \
        play_both(#name, fault, parameter, code, heals);                       \
    }

/* clang-format off */
BATCH_TEST(busy_inside,     FAULT_SERVER_BUSY_INNER, 200, NULL, true)
BATCH_TEST(transient_items, FAULT_ITEM_TRANSIENT,    0,   NULL, true)
BATCH_TEST(corrupt_item,    FAULT_ITEM_CORRUPT,      2,   NULL, false)
BATCH_TEST(batch_stopped,   FAULT_BATCH_STOPPED,     2,   NULL, true)
BATCH_TEST(reset_before,    FAULT_RESET_BEFORE,      0,   NULL, true)
BATCH_TEST(reset_after,     FAULT_RESET_AFTER,       0,   NULL, true)
BATCH_TEST(truncated,       FAULT_TRUNCATED,         0,   NULL, true)
BATCH_TEST(malformed,       FAULT_MALFORMED,         0,   NULL, true)
BATCH_TEST(hang,            FAULT_HANG,              0,   NULL, false)
BATCH_TEST(quota,           FAULT_RESPONSE_CODE,     0,   "ErrorQuotaExceeded", false)
BATCH_TEST(internal_error,  FAULT_RESPONSE_CODE,     0,   "ErrorInternalServerError", true)
/* clang-format on */
