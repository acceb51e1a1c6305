/*
 * cmd_bdat.c - BDAT: the content in counted chunks
 *
 * RFC 3030, 2:  BDAT <octets> [LAST]
 *
 * The octets follow at once, whether or not they are wanted; the session has
 * taken them when this runs.
 */
#include <inttypes.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "smtp/command.h"

bool smtp_bdat_size(const char *line, uint64_t *size_out, bool *last_out)
{
    char digits[24];

    *size_out = UINT64_MAX;
    *last_out = false;
    if (!str_starts_nocase(line, "BDAT") || (line[4] != ' ' && line[4] != '\0'))
        return false;
    line += 4 + strspn(line + 4, " ");

    size_t len = strspn(line, "0123456789");
    if (len == 0 || len >= sizeof digits)
        return true;
    memcpy(digits, line, len);
    digits[len] = '\0';
    line += len;

    if (*line == ' ') {
        line += strspn(line, " ");
        *last_out = str_equal_nocase(line, "LAST");
        if (*line != '\0' && !*last_out)
            return true;
    } else if (*line != '\0') {
        return true;
    }
    if (!str_to_u64(digits, UINT64_MAX - 1, size_out))
        *size_out = UINT64_MAX;
    return true;
}

void smtp_cmd_bdat(struct smtp_command *command)
{
    struct smtp_transaction *transaction = &command->session->transaction;
    uint64_t size;
    bool last;

    if (!smtp_bdat_size(command->session->line, &size, &last) ||
        size == UINT64_MAX) {
        /* Where the next command starts cannot be known any more. */
        smtp_reply_line(command->reply, "521 5.5.4 BDAT <octets> [LAST]");
        command->reply->close = true;
        return;
    }
    if (transaction->content == NULL) {
        smtp_reply_line(command->reply,
                        command->session->account == NULL
                            ? "530 5.7.0 Authentication required"
                            : "503 5.5.1 MAIL and RCPT come first");
        return;
    }
    if (last) {
        smtp_data_send(command);
        return;
    }
    if (!smtp_data_refuse(command, smtp_content_fault(transaction->content)))
        smtp_reply_line(command->reply, "250 2.0.0 %" PRIu64 " octets taken",
                        size);
}
