/*
 * directory_group.c - who is in a group, and what people look like
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/time.h"
#include "proxy/exchange/directory_kept.h"
#include "proxy/exchange/directory_pack.h"
#include "proxy/exchange/directory_personal.h"

/* --- Members -------------------------------------------------------------- */

/* They are kept as somebody who has them for reports. */
static enum status ask_members(struct op *op, struct question *question,
                               struct directory_answer *answer)
{
    struct person group = { .id = question->text };
    struct remote *remote;
    struct buf packed;
    enum status status = directory_remote_of(op, question->account, &remote);

    if (status == STATUS_OK && remote->backend->directory->members == NULL)
        status = op_fail(op, STATUS_UNSUPPORTED, "members cannot be asked for");
    if (status == STATUS_OK)
        status = directory_told(question->account,
                                remote->backend->directory->members(
                                    op, remote, question->text, &group.reports,
                                    &group.report_count, &answer->complete));
    buf_init(&packed, op->arena);
    if (status == STATUS_OK)
        person_pack(&packed, &group);
    answer->data = packed.data;
    answer->len = packed.len;
    return status;
}

static enum status find_members(struct op *op, struct account *account,
                                const struct person *group,
                                struct person_link **members_out,
                                size_t *count_out, bool *complete_out)
{
    const struct directory_answer *answer;
    struct question question = {
        .account = account,
        .key = arena_printf(op->arena, "members %s", group->id),
        .text = group->id,
        .asked_ms = time_monotonic_ms(),
        .ask = ask_members,
    };
    enum status status = question_answer(op, &question, &answer);

    if (status != STATUS_OK)
        return status;
    if (answer->none)
        return op_fail(op, STATUS_NOT_FOUND, "the group shows nobody");
    struct person *kept = person_unpack(op->arena, answer->data, answer->len);
    *members_out = kept->reports;
    *count_out = kept->report_count;
    *complete_out = answer->complete;
    return STATUS_OK;
}

static void take_members(struct op *op, const struct contact *card,
                         struct person_link **members_out, size_t *count_out)
{
    struct person_link *members =
        arena_array(op->arena, card->member_count + 1, sizeof *members);

    for (size_t i = 0; i < card->member_count; i++)
        members[i] = (struct person_link){ card->members[i].name,
                                           card->members[i].address };
    *members_out = members;
    *count_out = card->member_count;
}

enum status people_members(struct op *op, struct account *account,
                           const struct person *group,
                           struct person_link **members_out, size_t *count_out,
                           bool *complete_out)
{
    *members_out = NULL;
    *count_out = 0;
    *complete_out = group->personal;
    if (!group->personal)
        return find_members(op, account, group, members_out, count_out,
                            complete_out);
    take_members(op, &group->contact, members_out, count_out);
    return STATUS_OK;
}

/* --- Pictures ------------------------------------------------------------- */

static bool is_picture(const struct account *account, size_t len)
{
    return len > 0 && len <= account_settings(account)->directory.photo_limit;
}

/* Kept as its type, a NUL, and its bytes. */
static enum status ask_photo(struct op *op, struct question *question,
                             struct directory_answer *answer)
{
    const void *data = NULL;
    const char *type = NULL;
    size_t len = 0;
    struct remote *remote;
    struct buf kept;
    enum status status = directory_remote_of(op, question->account, &remote);

    if (status == STATUS_OK && remote->backend->directory->photo == NULL)
        status = STATUS_NOT_FOUND;
    else if (status == STATUS_OK)
        status = directory_told(question->account,
                                remote->backend->directory->photo(
                                    op, remote, question->text,
                                    question->pixels, &data, &len, &type));
    if (status == STATUS_OK && !is_picture(question->account, len))
        status = STATUS_NOT_FOUND;
    buf_init(&kept, op->arena);
    if (status == STATUS_OK) {
        buf_puts(&kept, type != NULL ? type : "image/jpeg");
        buf_putc(&kept, '\0');
        buf_append(&kept, data, len);
    }
    answer->complete = true;
    answer->data = kept.data;
    answer->len = kept.len;
    return status;
}

static enum status find_photo(struct op *op, struct account *account,
                              const struct person *person, unsigned pixels,
                              const void **data_out, size_t *len_out,
                              const char **type_out)
{
    const struct directory_answer *answer;
    struct question question = {
        .account = account,
        .key = arena_printf(op->arena, "photo %u %s", pixels, person->id),
        .text = person->id,
        .pixels = pixels,
        .asked_ms = time_monotonic_ms(),
        .ask = ask_photo,
    };
    enum status status = question_answer(op, &question, &answer);

    if (status != STATUS_OK)
        return status;
    if (answer->none)
        return op_fail(op, STATUS_NOT_FOUND, "there is no picture");
    size_t type = strlen(answer->data) + 1;
    *type_out = answer->data;
    *data_out = answer->data + type;
    *len_out = answer->len - type;
    return STATUS_OK;
}

enum status people_photo(struct op *op, struct account *account,
                         const struct person *person, unsigned pixels,
                         const void **data_out, size_t *len_out,
                         const char **type_out)
{
    *data_out = NULL;
    *len_out = 0;
    *type_out = NULL;
    if (!person->personal)
        return find_photo(op, account, person, pixels, data_out, len_out,
                          type_out);
    enum status status =
        personal_photo(op, account, person->id, data_out, len_out, type_out);
    if (status == STATUS_OK && !is_picture(account, *len_out))
        return op_fail(op, STATUS_NOT_FOUND, "the picture is too large");
    return status;
}
