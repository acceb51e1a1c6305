/*
 * codes.c - see codes.h
 *
 * One line per code.  A star stands for any rest; the first line that fits
 * counts. "undone" says that a write which got this answer was surely not
 * carried out: that is so for everything Exchange refuses, and not for what was
 * interrupted.
 */
#include "proxy/exchange/ews/codes.h"

#include <string.h>

#define NEVER RETRY_NEVER, true, 0
#define LATER RETRY_LATER, true, 0
#define FEWER RETRY_FEWER, true, 0
#define FRESH RETRY_FRESH, true, 0
#define OLDER RETRY_OLDER, true, 0
#define SMALLER RETRY_SMALLER, true, 0

/* Interrupted: it may have been done. */
#define INTERRUPTED RETRY_LATER, false, 0
#define FRESH_UNSURE RETRY_FRESH, false, 0
#define ONCE RETRY_ONCE, false, 0

/* clang-format off */
static const struct {
    const char *code;
    struct verdict verdict;
} codes[] = {
    { "NoError",                                    { STATUS_OK,            NEVER } },
    { "ErrorNameResolutionMultipleResults",         { STATUS_OK,            NEVER } },

    /* Exchange has too much to do. */
    { "ErrorServerBusy",                            { STATUS_BUSY,          LATER } },
    { "ErrorExceededConnectionCount",               { STATUS_BUSY,          FEWER } },
    { "ErrorExceededFindCountLimit",                { STATUS_BUSY,          FEWER } },
    { "ErrorExceededSubscriptionCount",             { STATUS_LIMIT,         NEVER } },
    { "ErrorInsufficientResources",                 { STATUS_BUSY,          LATER } },
    { "ErrorNotEnoughMemory",                       { STATUS_BUSY,          LATER } },
    { "ErrorTooManyObjectsOpened",                  { STATUS_BUSY,          FEWER } },
    { "ErrorServiceUnavailable",                    { STATUS_BUSY,          LATER } },
    { "ErrorBatchProcessingStopped",                { STATUS_TIMEOUT,       SMALLER } },
    { "ErrorTimeoutExpired",                        { STATUS_TIMEOUT,       INTERRUPTED } },

    /* Exchange is not well. */
    { "ErrorInternalServerTransientError",          { STATUS_UNAVAILABLE,   LATER } },
    { "ErrorInternalServerError",                   { STATUS_INTERNAL,      ONCE } },
    { "ErrorMailboxStoreUnavailable",               { STATUS_UNAVAILABLE,   LATER } },
    { "ErrorMailboxFailover",                       { STATUS_UNAVAILABLE,   FRESH } },
    { "ErrorADUnavailable",                         { STATUS_UNAVAILABLE,   LATER } },
    { "ErrorADOperation",                           { STATUS_UNAVAILABLE,   LATER } },
    { "ErrorADSessionFilter",                       { STATUS_INTERNAL,      NEVER } },
    { "ErrorConnectionFailed",                      { STATUS_UNAVAILABLE,   FRESH } },
    { "ErrorClientDisconnected",                    { STATUS_UNAVAILABLE,   INTERRUPTED } },
    { "ErrorRequestAborted",                        { STATUS_UNAVAILABLE,   INTERRUPTED } },
    { "ErrorDataSourceOperation",                   { STATUS_UNAVAILABLE,   INTERRUPTED } },
    { "ErrorNoRespondingCASInDestinationSite",      { STATUS_UNAVAILABLE,   FRESH } },
    { "ErrorNoDestinationCASDueTo*",                { STATUS_UNAVAILABLE,   FRESH } },
    { "ErrorNoApplicableProxyCASServersAvailable",  { STATUS_UNAVAILABLE,   FRESH } },
    { "ErrorProxyCallFailed",                       { STATUS_UNAVAILABLE,   FRESH_UNSURE } },
    { "ErrorProxyRequestProcessingFailed",          { STATUS_UNAVAILABLE,   FRESH_UNSURE } },
    { "ErrorProxySoapException",                    { STATUS_UNAVAILABLE,   FRESH_UNSURE } },
    { "ErrorProxyTokenExpired",                     { STATUS_UNAVAILABLE,   FRESH } },
    { "ErrorProxy*",                                { STATUS_UNAVAILABLE,   NEVER } },
    { "ErrorCrossSiteRequest",                      { STATUS_UNAVAILABLE,   NEVER } },
    { "ErrorServiceDiscoveryFailed",                { STATUS_UNAVAILABLE,   LATER } },
    { "ErrorAutoDiscoverFailed",                    { STATUS_UNAVAILABLE,   NEVER } },
    { "ErrorNoPublicFolder*",                       { STATUS_UNAVAILABLE,   LATER } },
    { "ErrorPublicFolder*",                         { STATUS_UNAVAILABLE,   NEVER } },
    { "ErrorMailboxMoveInProgress",                 { STATUS_IN_USE,        NEVER } },
    { "ErrorMailboxLogonFailed",                    { STATUS_IN_USE,        FRESH } },
    { "ErrorMailboxConfiguration",                  { STATUS_UNAVAILABLE,   NEVER } },

    /* The account. */
    { "ErrorPasswordExpired",                       { STATUS_AUTH_EXPIRED,  NEVER } },
    { "ErrorPasswordChangeRequired",                { STATUS_AUTH_EXPIRED,  NEVER } },
    { "ErrorAccountDisabled",                       { STATUS_AUTH_DISABLED, NEVER } },
    { "ErrorAccountSuspend*",                       { STATUS_AUTH_DISABLED, NEVER } },
    { "ErrorOrganizationAccessBlocked",             { STATUS_AUTH_DISABLED, NEVER } },
    { "ErrorInvalidLicense",                        { STATUS_AUTH_DISABLED, NEVER } },
    { "ErrorUserNotAllowedByPolicy",                { STATUS_AUTH_REFUSED,  NEVER } },
    { "ErrorImpersonat*",                           { STATUS_AUTH_REFUSED,  NEVER } },
    { "ErrorTokenSerializationDenied",              { STATUS_AUTH_FAILED,   NEVER } },
    { "ErrorInvalidAuthorizationContext",           { STATUS_AUTH_FAILED,   NEVER } },
    { "ErrorInvalidClientSecurityContext",          { STATUS_AUTH_FAILED,   NEVER } },
    { "ErrorLogonAsNetworkServiceFailed",           { STATUS_AUTH_FAILED,   NEVER } },
    { "ErrorNoOAuthServerAvailableForRequest",      { STATUS_AUTH_FAILED,   NEVER } },
    { "ErrorNonExistentMailbox",                    { STATUS_AUTH_REFUSED,  NEVER } },
    { "ErrorMissingEmailAddress",                   { STATUS_AUTH_REFUSED,  NEVER } },
    { "ErrorMissingExchangePrincipal",              { STATUS_AUTH_REFUSED,  NEVER } },
    { "ErrorNonPrimarySmtpAddress",                 { STATUS_AUTH_REFUSED,  NEVER } },
    { "ErrorCallerIsInvalidADAccount",              { STATUS_AUTH_REFUSED,  NEVER } },

    /* What was asked for is not there. */
    { "ErrorItemNotFound",                          { STATUS_NOT_FOUND,     NEVER } },
    { "ErrorFolderNotFound",                        { STATUS_NO_FOLDER,     NEVER } },
    { "ErrorSyncFolderNotFound",                    { STATUS_NO_FOLDER,     NEVER } },
    { "ErrorParentFolderNotFound",                  { STATUS_NO_FOLDER,     NEVER } },
    { "ErrorToFolderNotFound",                      { STATUS_NO_FOLDER,     NEVER } },
    { "ErrorSavedItemFolderNotFound",               { STATUS_NO_FOLDER,     NEVER } },
    { "ErrorManagedFolderNotFound",                 { STATUS_NO_FOLDER,     NEVER } },
    { "ErrorCannotAccessDeletedPublicFolder",       { STATUS_NO_FOLDER,     NEVER } },
    { "ErrorInvalidFolderId",                       { STATUS_NO_FOLDER,     NEVER } },
    { "ErrorCannotUseItemIdForFolderId",            { STATUS_NO_FOLDER,     NEVER } },
    { "ErrorCannotUseFolderIdForItemId",            { STATUS_NOT_FOUND,     NEVER } },
    { "ErrorInvalidId*",                            { STATUS_NOT_FOUND,     NEVER } },
    { "ErrorInvalidAttachmentId",                   { STATUS_NOT_FOUND,     NEVER } },
    { "ErrorEventNotFound",                         { STATUS_NOT_FOUND,     NEVER } },
    { "ErrorNameResolutionNo*",                     { STATUS_NOT_FOUND,     NEVER } },
    { "ErrorMailRecipientNotFound",                 { STATUS_NOT_FOUND,     NEVER } },
    { "ErrorCannotFindUser",                        { STATUS_NOT_FOUND,     NEVER } },
    { "ErrorFolderExists",                          { STATUS_EXISTS,        NEVER } },
    { "ErrorManagedFolderAlreadyExists",            { STATUS_EXISTS,        NEVER } },

    /* Rights. */
    { "ErrorAccessDenied",                          { STATUS_DENIED,        NEVER } },
    { "ErrorCreateItemAccessDenied",                { STATUS_DENIED,        NEVER } },
    { "ErrorCreateSubfolderAccessDenied",           { STATUS_DENIED,        NEVER } },
    { "ErrorSubscriptionAccessDenied",              { STATUS_DENIED,        NEVER } },
    { "ErrorNoFreeBusyAccess",                      { STATUS_DENIED,        NEVER } },
    { "ErrorNotDelegate",                           { STATUS_DENIED,        NEVER } },
    { "ErrorPermissionNotAllowedByPolicy",          { STATUS_DENIED,        NEVER } },
    { "ErrorProxyRequestNotAllowed",                { STATUS_DENIED,        NEVER } },

    /* Someone else was faster. */
    { "ErrorIrresolvableConflict",                  { STATUS_CONFLICT,      NEVER } },
    { "ErrorStaleObject",                           { STATUS_CONFLICT,      NEVER } },
    { "ErrorInvalidChangeKey",                      { STATUS_CONFLICT,      NEVER } },
    { "ErrorChangeKeyRequired*",                    { STATUS_CONFLICT,      NEVER } },

    /* What we know of the past is not valid any more. */
    { "ErrorInvalidSyncStateData",                  { STATUS_STALE,         NEVER } },
    { "ErrorInvalidWatermark",                      { STATUS_STALE,         NEVER } },
    { "ErrorInvalidSubscription",                   { STATUS_STALE,         NEVER } },
    { "ErrorInvalidPullSubscriptionId",             { STATUS_STALE,         NEVER } },
    { "ErrorSubscriptionNotFound",                  { STATUS_STALE,         NEVER } },
    { "ErrorExpiredSubscription",                   { STATUS_STALE,         NEVER } },
    { "ErrorSubscriptionUnsubsribed",               { STATUS_STALE,         NEVER } },
    { "ErrorReadEventsFailed",                      { STATUS_STALE,         NEVER } },
    { "ErrorMissedNotificationEvents",              { STATUS_STALE,         NEVER } },
    { "ErrorProxiedSubscriptionCallFailure",        { STATUS_STALE,         NEVER } },
    { "ErrorNewEventStreamConnectionOpened",        { STATUS_STALE,         NEVER } },

    /* An item that Exchange cannot give out. */
    { "ErrorItemCorrupt",                           { STATUS_CORRUPT,       NEVER } },
    { "ErrorCorruptData",                           { STATUS_CORRUPT,       NEVER } },
    { "ErrorFolderCorrupt",                         { STATUS_CORRUPT,       NEVER } },
    { "ErrorContentConversionFailed",               { STATUS_CORRUPT,       NEVER } },
    { "ErrorMimeContentConversionFailed",           { STATUS_CORRUPT,       NEVER } },
    { "ErrorUnsupportedMimeConversion",             { STATUS_CORRUPT,       NEVER } },
    { "ErrorItemPropertyRequestFailed",             { STATUS_CORRUPT,       NEVER } },
    { "ErrorCannotOpenFileAttachment",              { STATUS_CORRUPT,       NEVER } },

    /* Limits. */
    { "ErrorQuotaExceeded",                         { STATUS_OVER_QUOTA,    NEVER } },
    { "ErrorMessagePerFolderCountReceiveQuotaExceeded", { STATUS_OVER_QUOTA, NEVER } },
    { "ErrorRulesOverQuota",                        { STATUS_OVER_QUOTA,    NEVER } },
    { "ErrorMessageSizeExceeded",                   { STATUS_TOO_BIG,       NEVER } },
    { "ErrorRequestStreamTooBig",                   { STATUS_TOO_BIG,       NEVER } },
    { "ErrorAttachmentSizeLimitExceeded",           { STATUS_TOO_BIG,       NEVER } },
    { "ErrorDataSizeLimitExceeded",                 { STATUS_LIMIT,         NEVER } },
    { "ErrorAttachmentNestLevelLimitExceeded",      { STATUS_LIMIT,         NEVER } },
    { "ErrorRestrictionTooComplex",                 { STATUS_LIMIT,         NEVER } },
    { "ErrorRestrictionTooLong",                    { STATUS_LIMIT,         NEVER } },
    { "ErrorQueryFilterTooLong",                    { STATUS_LIMIT,         NEVER } },
    { "ErrorResultSetTooBig",                       { STATUS_LIMIT,         NEVER } },
    { "ErrorCalendarViewRangeTooBig",               { STATUS_LIMIT,         NEVER } },
    { "ErrorExceededMaxRecipientLimit*",            { STATUS_LIMIT,         NEVER } },
    { "ErrorSearch*",                               { STATUS_LIMIT,         NEVER } },
    { "ErrorIndividualMailboxLimitReached",         { STATUS_LIMIT,         NEVER } },

    /* Sending. */
    { "ErrorSendAsDenied",                          { STATUS_SENDER_DENIED, NEVER } },
    { "ErrorInvalidRecipients",                     { STATUS_BAD_RECIPIENT, NEVER } },
    { "ErrorInvalidMailbox",                        { STATUS_BAD_RECIPIENT, NEVER } },
    { "ErrorInvalidSmtpAddress",                    { STATUS_BAD_RECIPIENT, NEVER } },
    { "ErrorInvalidRoutingType",                    { STATUS_BAD_RECIPIENT, NEVER } },
    { "ErrorInvalidUserInfo",                       { STATUS_BAD_RECIPIENT, NEVER } },
    { "ErrorRecipientNotFound",                     { STATUS_BAD_RECIPIENT, NEVER } },
    { "ErrorMissingRecipients",                     { STATUS_NO_RECIPIENT,  NEVER } },
    { "ErrorSubmissionQuotaExceeded",               { STATUS_RATE_LIMITED,  NEVER } },
    { "ErrorExceededMessageLimit*",                 { STATUS_RATE_LIMITED,  NEVER } },
    { "ErrorMessageSubmissionBlocked",              { STATUS_SENDER_DENIED, NEVER } },
    { "ErrorMessageBlocked",                        { STATUS_BAD_CONTENT,   NEVER } },
    { "ErrorMimeContentInvalid*",                   { STATUS_BAD_CONTENT,   NEVER } },
    { "ErrorVirus*",                                { STATUS_INFECTED,      NEVER } },

    /* The version asked for is too new for the server or the mailbox. */
    { "ErrorInvalidServerVersion",                  { STATUS_UNSUPPORTED,   OLDER } },
    { "ErrorInvalidSchemaVersionForMailboxVersion", { STATUS_UNSUPPORTED,   OLDER } },
    { "ErrorIncorrectSchemaVersion",                { STATUS_UNSUPPORTED,   OLDER } },
    { "ErrorUnsupported*",                          { STATUS_UNSUPPORTED,   NEVER } },
    { "ErrorContentIndexingNotEnabled",             { STATUS_UNSUPPORTED,   NEVER } },
    { "ErrorInvalidFolderTypeForOperation",         { STATUS_UNSUPPORTED,   NEVER } },
    { "ErrorArchiveMailboxNotEnabled",              { STATUS_UNSUPPORTED,   NEVER } },

    /* What never works. */
    { "ErrorDeleteDistinguishedFolder",             { STATUS_CANNOT,        NEVER } },
    { "ErrorMoveDistinguishedFolder",               { STATUS_CANNOT,        NEVER } },
    { "ErrorInvalidPermissionSettings",             { STATUS_CANNOT,        NEVER } },
    { "ErrorDuplicateUserIdsSpecified",             { STATUS_CANNOT,        NEVER } },
    { "ErrorMoveCopyFailed",                        { STATUS_CANNOT,        NEVER } },
    { "ErrorCrossMailboxMoveCopy",                  { STATUS_CANNOT,        NEVER } },
    { "ErrorObjectTypeChanged",                     { STATUS_CANNOT,        NEVER } },
    { "ErrorInvalidProperty*",                      { STATUS_CANNOT,        NEVER } },
    { "ErrorInvalidItemForOperation*",              { STATUS_CANNOT,        NEVER } },
    { "ErrorInvalidParentFolder",                   { STATUS_CANNOT,        NEVER } },
    { "ErrorInvalidOperation",                      { STATUS_CANNOT,        NEVER } },
    { "ErrorCannot*",                               { STATUS_CANNOT,        NEVER } },
    { "ErrorCalendarInvalid*",                      { STATUS_BAD_CONTENT,   NEVER } },
    { "ErrorCalendarDurationIsTooLong",             { STATUS_BAD_CONTENT,   NEVER } },
    { "ErrorCalendarEndDate*",                      { STATUS_BAD_CONTENT,   NEVER } },
    { "ErrorCalendarOutOfRange",                    { STATUS_BAD_CONTENT,   NEVER } },
    { "ErrorCalendar*",                             { STATUS_CANNOT,        NEVER } },
    { "ErrorOccurrence*",                           { STATUS_BAD_CONTENT,   NEVER } },
    { "ErrorRecurrence*",                           { STATUS_BAD_CONTENT,   NEVER } },
    { "ErrorPropertyUpdate",                        { STATUS_CANNOT,        NEVER } },
    { "ErrorPropertyValidationFailure",             { STATUS_CANNOT,        NEVER } },
    { "ErrorOperationNotAllowedWithPublicFolderRoot", { STATUS_CANNOT,      NEVER } },
    { "ErrorFolderSave*",                           { STATUS_CANNOT,        NEVER } },
    { "ErrorItemSave*",                             { STATUS_CANNOT,        NEVER } },

    /* Our request was wrong: a mistake of ours. */
    { "ErrorSchemaValidation",                      { STATUS_INTERNAL,      NEVER } },
    { "ErrorInvalidRequest",                        { STATUS_INTERNAL,      NEVER } },
    { "ErrorInvalidArgument",                       { STATUS_INTERNAL,      NEVER } },
    { "ErrorUpdatePropertyMismatch",                { STATUS_INTERNAL,      NEVER } },
    { "ErrorIncorrectUpdatePropertyCount",          { STATUS_INTERNAL,      NEVER } },
};
/* clang-format on */

/* A pattern may hold one star. */
static bool fits(const char *code, const char *pattern)
{
    const char *star = strchr(pattern, '*');

    if (star == NULL)
        return strcmp(code, pattern) == 0;
    size_t before = (size_t)(star - pattern);
    size_t after = strlen(star + 1);
    size_t len = strlen(code);
    return len >= before + after && strncmp(code, pattern, before) == 0 &&
           strcmp(code + len - after, star + 1) == 0;
}

struct verdict code_verdict(const char *code)
{
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (fits(code, codes[i].code))
            return codes[i].verdict;
    return (struct verdict){ STATUS_INTERNAL, NEVER };
}
