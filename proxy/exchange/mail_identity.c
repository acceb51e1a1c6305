/*
 * mail_identity.c - what messages are by, wherever they lie (RFC 8474, 8514)
 *
 * An EMAILID names our row and its rendering, with a random name of the index
 * in front, as rows are numbered anew when an index is lost.  A row goes along
 * when its message is moved, and takes over the id it gets when the mailbox
 * moves. Exchange's own key (0x300B) would stay in more cases, but an edited
 * copy has it as well, and what has one EMAILID must have one content.
 *
 * A THREADID is the first conversation that Exchange has told; those of
 * Exchange 2007 have none.
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/exchange/account_private.h"
#include "proxy/exchange/mail_private.h"

/* RFC 8474, 4: 1 to 255 of letters, digits, "-" and "_". */
#define OBJECT_ID_MAX 255

/* An id of Exchange's, which is base64, with the letters allowed. */
static const char *thread_id(struct op *op, const char *conversation)
{
    if (conversation == NULL || strlen(conversation) >= OBJECT_ID_MAX)
        return NULL;
    char *id = arena_printf(op->arena, "T%s", conversation);
    for (char *at = id; *at != '\0'; at++)
        if (*at == '+' || *at == '/')
            *at = *at == '+' ? '-' : '_';
    id[strcspn(id, "=")] = '\0';
    return id;
}

static struct mail_identity identity_of(struct op *op, const char *index_name,
                                        uint32_t uid,
                                        const struct index_identity *known)
{
    if (known->row == 0)
        return (struct mail_identity){ .uid = uid, .status = STATUS_NOT_FOUND };
    return (struct mail_identity){
        .uid = uid,
        .status = STATUS_OK,
        .email_id =
            arena_printf(op->arena, "M%s-%lld-%u", index_name,
                         (long long)known->row, (unsigned)known->rendering),
        .thread_id = thread_id(op, known->conversation),
        .saved = known->saved,
    };
}

enum status mail_identify(struct op *op, struct account *account,
                          int64_t folder, const uint32_t uids[], size_t count,
                          struct mail_identity identities_out[])
{
    struct index_identity *known =
        arena_array(op->arena, count + 1, sizeof *known);
    const char *name = index_fact(op, account->index, "identity");
    enum status status =
        index_identities(op, account->index, folder, uids, count, known);

    if (status == STATUS_OK && name == NULL)
        status = op_fail(op, STATUS_UNAVAILABLE, "the index has no name");
    for (size_t i = 0; i < count; i++)
        identities_out[i] =
            status == STATUS_OK
                ? identity_of(op, name, uids[i], &known[i])
                : (struct mail_identity){ .uid = uids[i], .status = status };
    return status;
}
