/*
 * test_codes.c - what ResponseCodes, HTTP statuses and libcurl's errors mean
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/exchange/ews/codes.h"
#include "proxy/exchange/ews/version.h"

/* clang-format off */
static const struct {
    const char *code;
    enum status status;
    enum retry retry;
    bool undone;
} codes[] = {
    { "NoError",                           STATUS_OK,            RETRY_NEVER,   true },
    { "ErrorServerBusy",                   STATUS_BUSY,          RETRY_LATER,   true },
    { "ErrorTimeoutExpired",               STATUS_TIMEOUT,       RETRY_LATER,   false },
    { "ErrorBatchProcessingStopped",       STATUS_TIMEOUT,       RETRY_SMALLER, true },
    { "ErrorExceededConnectionCount",      STATUS_BUSY,          RETRY_FEWER,   true },
    { "ErrorInternalServerError",          STATUS_INTERNAL,      RETRY_ONCE,    false },
    { "ErrorInvalidServerVersion",         STATUS_UNSUPPORTED,   RETRY_OLDER,   true },
    { "ErrorMailboxMoveInProgress",        STATUS_IN_USE,        RETRY_NEVER,   true },
    { "ErrorItemNotFound",                 STATUS_NOT_FOUND,     RETRY_NEVER,   true },
    { "ErrorInvalidIdMalformed",           STATUS_NOT_FOUND,     RETRY_NEVER,   true },
    { "ErrorInvalidIdEmpty",               STATUS_NOT_FOUND,     RETRY_NEVER,   true },
    { "ErrorFolderNotFound",               STATUS_NO_FOLDER,     RETRY_NEVER,   true },
    { "ErrorToFolderNotFound",             STATUS_NO_FOLDER,     RETRY_NEVER,   true },
    { "ErrorFolderExists",                 STATUS_EXISTS,        RETRY_NEVER,   true },
    { "ErrorInvalidSyncStateData",         STATUS_STALE,         RETRY_NEVER,   true },
    { "ErrorItemCorrupt",                  STATUS_CORRUPT,       RETRY_NEVER,   true },
    { "ErrorQuotaExceeded",                STATUS_OVER_QUOTA,    RETRY_NEVER,   true },
    { "ErrorMessageSizeExceeded",          STATUS_TOO_BIG,       RETRY_NEVER,   true },
    { "ErrorSendAsDenied",                 STATUS_SENDER_DENIED, RETRY_NEVER,   true },
    { "ErrorInvalidRecipients",            STATUS_BAD_RECIPIENT, RETRY_NEVER,   true },
    { "ErrorMissingRecipients",            STATUS_NO_RECIPIENT,  RETRY_NEVER,   true },
    { "ErrorSubmissionQuotaExceeded",      STATUS_RATE_LIMITED,  RETRY_NEVER,   true },
    { "ErrorMimeContentInvalid",           STATUS_BAD_CONTENT,   RETRY_NEVER,   true },
    { "ErrorMimeContentInvalidBase64String", STATUS_BAD_CONTENT, RETRY_NEVER,   true },
    { "ErrorVirusDetected",                STATUS_INFECTED,      RETRY_NEVER,   true },
    { "ErrorPasswordExpired",              STATUS_AUTH_EXPIRED,  RETRY_NEVER,   true },
    { "ErrorAccountDisabled",              STATUS_AUTH_DISABLED, RETRY_NEVER,   true },
    { "ErrorImpersonateUserDenied",        STATUS_AUTH_REFUSED,  RETRY_NEVER,   true },
    { "ErrorAccessDenied",                 STATUS_DENIED,        RETRY_NEVER,   true },
    { "ErrorDeleteDistinguishedFolder",    STATUS_CANNOT,        RETRY_NEVER,   true },
    { "ErrorCalendarIsOrganizerForAccept", STATUS_CANNOT,        RETRY_NEVER,   true },
    { "ErrorCalendarInvalidRecurrence",    STATUS_BAD_CONTENT,   RETRY_NEVER,   true },
    { "ErrorCalendarDurationIsTooLong",    STATUS_BAD_CONTENT,   RETRY_NEVER,   true },
    { "ErrorCalendarOutOfRange",           STATUS_BAD_CONTENT,   RETRY_NEVER,   true },
    { "ErrorIrresolvableConflict",         STATUS_CONFLICT,      RETRY_NEVER,   true },
    { "ErrorSchemaValidation",             STATUS_INTERNAL,      RETRY_NEVER,   true },
    { "ErrorOfTheNextVersion",             STATUS_INTERNAL,      RETRY_NEVER,   true },
    { "",                                  STATUS_INTERNAL,      RETRY_NEVER,   true },
};

static const struct {
    long code;
    enum status status;
    enum retry retry;
    bool undone;
} answers[] = {
    { 401, STATUS_AUTH_FAILED,   RETRY_ONCE,  true },
    { 403, STATUS_AUTH_DISABLED, RETRY_NEVER, true },
    { 404, STATUS_UNAVAILABLE,   RETRY_NEVER, true },
    { 413, STATUS_TOO_BIG,       RETRY_NEVER, true },
    { 418, STATUS_UNAVAILABLE,   RETRY_NEVER, true },
    { 429, STATUS_BUSY,          RETRY_LATER, true },
    { 500, STATUS_UNAVAILABLE,   RETRY_FRESH, false },
    { 503, STATUS_BUSY,          RETRY_LATER, true },
    { 504, STATUS_TIMEOUT,       RETRY_LATER, false },
    { 599, STATUS_UNAVAILABLE,   RETRY_FRESH, false },
    { 307, STATUS_UNAVAILABLE,   RETRY_FRESH, false },
};

static const struct {
    struct ews_build build;
    const char *name;
    const char *product;
} builds[] = {
    { {  8,  1,  240 }, "Exchange2007_SP1", "Exchange 2007" },
    { {  8,  3,   83 }, "Exchange2007_SP1", "Exchange 2007" },
    { { 14,  0,  639 }, "Exchange2010",     "Exchange 2010" },
    { { 14,  1,  218 }, "Exchange2010_SP1", "Exchange 2010" },
    { { 14,  3,  123 }, "Exchange2010_SP2", "Exchange 2010" },
    { { 15,  0,  516 }, "Exchange2013",     "Exchange 2013" },
    { { 15,  0,  847 }, "Exchange2013_SP1", "Exchange 2013" },
    { { 15,  0, 1497 }, "Exchange2013_SP1", "Exchange 2013" },
    { { 15,  1, 2507 }, "Exchange2016",     "Exchange 2016" },
    { { 15,  2, 2562 }, "Exchange2016",     "Exchange 2019" },
    { { 15, 20, 9000 }, "Exchange2016",     "Exchange Online" },
    { { 16,  0,    1 }, "Exchange2016",     "Exchange Online" },
};
/* clang-format on */

Test(ews_codes, mean_what_the_table_says)
{
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        struct verdict verdict = code_verdict(codes[i].code);
        cr_expect_eq(verdict.status, codes[i].status, "%s: %s", codes[i].code,
                     status_name(verdict.status));
        cr_expect_eq(verdict.retry, codes[i].retry, "%s: %d", codes[i].code,
                     verdict.retry);
        cr_expect_eq(verdict.undone, codes[i].undone, "%s", codes[i].code);
    }
}

Test(ews_codes, of_http_have_a_meaning_each)
{
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        struct verdict verdict = retry_of_http(answers[i].code, "");
        cr_expect_eq(verdict.status, answers[i].status, "%ld", answers[i].code);
        cr_expect_eq(verdict.retry, answers[i].retry, "%ld", answers[i].code);
        cr_expect_eq(verdict.undone, answers[i].undone, "%ld", answers[i].code);
    }
    for (long code = 100; code < 700; code++)
        cr_expect_neq(retry_of_http(code, "").status, STATUS_OK, "%ld", code);
    for (int code = 1; code < 120; code++)
        cr_expect_neq(retry_of_curl(code).status, STATUS_OK, "%d", code);
}

Test(ews_codes, of_the_official_schema_never_mean_success)
{
    const char *shared = getenv("POSTERN_SHARED");
    char path[4096], line[1024], code[128];
    size_t count = 0;

    snprintf(path, sizeof path, "%s/ews-schema/messages.xsd",
             shared != NULL ? shared : "../shared");
    FILE *file = fopen(path, "r");
    if (file == NULL)
        cr_skip_test("no schema");
    while (fgets(line, sizeof line, file) != NULL) {
        const char *start = strstr(line, "enumeration value=\"Error");
        if (start == NULL || sscanf(start + 19, "%127[A-Za-z0-9]", code) != 1)
            continue;
        count++;
        if (strcmp(code, "ErrorNameResolutionMultipleResults") != 0)
            cr_expect_neq(code_verdict(code).status, STATUS_OK, "%s", code);
    }
    fclose(file);
    cr_expect_gt(count, 400);
}

Test(ews_version, follows_from_the_build)
{
    for (size_t i = 0; i < sizeof builds / sizeof *builds; i++) {
        const struct ews_build *build = &builds[i].build;
        cr_expect_str_eq(version_name(version_of_build(build)), builds[i].name,
                         "%u.%u.%u", build->major, build->minor, build->build);
        cr_expect_str_eq(version_product(build), builds[i].product, "%u.%u.%u",
                         build->major, build->minor, build->build);
    }
}
