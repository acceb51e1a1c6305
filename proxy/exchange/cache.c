/*
 * cache.c - renderings of messages, bounded in size
 *
 * A file is written under another name and then renamed, so that it is whole
 * whenever it is there.  That holds while the machine runs.  After a power cut
 * a renamed file may be full of zeros; flushing every file costs more than the
 * cache is worth, so the whole cache goes when the machine has been started
 * since and the last gateway did not end in good order.
 */
#include "proxy/exchange/cache.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proxy/base/log.h"
#include "proxy/base/memory.h"
#include "proxy/base/spool.h"

#define BUCKETS 1024
#define RAM_LIMIT (32u * 1024 * 1024)
#define NAME_MAX_LEN 64

struct entry {
    int64_t row;
    uint32_t rendering;
    uint64_t size;
    char *data;         /* in RAM only */
    struct entry *next; /* in its bucket */
    struct entry *older, *newer;
};

struct cache {
    pthread_mutex_t lock;
    int directory; /* -1 in RAM */
    uint64_t limit;
    uint64_t size;
    uint64_t writes; /* for temporary names */
    struct entry *oldest, *newest;
    struct entry *buckets[BUCKETS];
};

/* --- The table ----------------------------------------------------------- */

static struct entry **find(struct cache *cache, int64_t row, uint32_t rendering)
{
    struct entry **entry = &cache->buckets[(uint64_t)row % BUCKETS];

    while (*entry != NULL &&
           ((*entry)->row != row || (*entry)->rendering != rendering))
        entry = &(*entry)->next;
    return entry;
}

static void unlink_age(struct cache *cache, struct entry *entry)
{
    *(entry->older != NULL ? &entry->older->newer : &cache->oldest) =
        entry->newer;
    *(entry->newer != NULL ? &entry->newer->older : &cache->newest) =
        entry->older;
    entry->older = entry->newer = NULL;
}

static void make_newest(struct cache *cache, struct entry *entry)
{
    entry->older = cache->newest;
    entry->newer = NULL;
    *(cache->newest != NULL ? &cache->newest->newer : &cache->oldest) = entry;
    cache->newest = entry;
}

static void file_name(char name[NAME_MAX_LEN], int64_t row, uint32_t rendering)
{
    snprintf(name, NAME_MAX_LEN, "%lld-%lu.eml", (long long)row,
             (unsigned long)rendering);
}

static void drop(struct cache *cache, struct entry **place)
{
    struct entry *entry = *place;
    char name[NAME_MAX_LEN];

    *place = entry->next;
    unlink_age(cache, entry);
    cache->size -= entry->size;
    if (cache->directory >= 0) {
        file_name(name, entry->row, entry->rendering);
        unlinkat(cache->directory, name, 0);
    }
    free(entry->data);
    free(entry);
}

static void add(struct cache *cache, int64_t row, uint32_t rendering,
                uint64_t size, char *data)
{
    struct entry **place = find(cache, row, rendering);

    if (*place == NULL) {
        *place = memory_new(sizeof **place);
        **place = (struct entry){ .row = row, .rendering = rendering };
    } else {
        unlink_age(cache, *place);
        cache->size -= (*place)->size;
        free((*place)->data);
    }
    (*place)->size = size;
    (*place)->data = data;
    cache->size += size;
    make_newest(cache, *place);
    while (cache->size > cache->limit)
        drop(cache, find(cache, cache->oldest->row, cache->oldest->rendering));
}

/* --- Opening ------------------------------------------------------------- */

struct found {
    int64_t row;
    uint32_t rendering;
    uint64_t size;
    struct timespec used;
};

static bool read_text(int directory, const char *path, char *out, size_t room)
{
    int file = openat(directory, path, O_RDONLY | O_CLOEXEC);
    ssize_t len = file >= 0 ? read(file, out, room - 1) : -1;

    if (file >= 0)
        close(file);
    out[len > 0 ? len : 0] = '\0';
    return len > 0;
}

static void write_text(int directory, const char *path, const char *text)
{
    int file =
        openat(directory, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    if (file >= 0 && write(file, text, strlen(text)) < 0)
        log_warning("postern", "cache cannot be written error=\"%m\"");
    if (file >= 0)
        close(file);
}

/* Whether the files are as they were written; and notes the present start. */
static bool is_trusted(int directory)
{
    char now[64], then[64];
    bool clean = unlinkat(directory, "clean", 0) == 0;

    read_text(AT_FDCWD, "/proc/sys/kernel/random/boot_id", now, sizeof now);
    bool same = read_text(directory, "boot", then, sizeof then) &&
                strcmp(now, then) == 0;
    write_text(directory, "boot", now);
    return clean || same;
}

static int by_use(const void *a, const void *b)
{
    const struct found *left = a, *right = b;

    if (left->used.tv_sec != right->used.tv_sec)
        return left->used.tv_sec < right->used.tv_sec ? -1 : 1;
    return (left->used.tv_nsec > right->used.tv_nsec) -
           (left->used.tv_nsec < right->used.tv_nsec);
}

/* What lies there, one after the other; what is no rendering of ours is taken
 * away. */
static bool look_at(int directory, const char *name, bool trusted,
                    struct found *found)
{
    long long row;
    unsigned long rendering;
    char expected[NAME_MAX_LEN];
    struct stat about;

    if (name[0] == '.' || strcmp(name, "boot") == 0)
        return false;
    if (trusted && sscanf(name, "%lld-%lu.eml", &row, &rendering) == 2 &&
        fstatat(directory, name, &about, AT_SYMLINK_NOFOLLOW) == 0) {
        *found = (struct found){ row, (uint32_t)rendering,
                                 (uint64_t)about.st_size, about.st_mtim };
        file_name(expected, found->row, found->rendering);
        if (S_ISREG(about.st_mode) && strcmp(name, expected) == 0)
            return true;
    }
    unlinkat(directory, name, 0);
    return false;
}

static void load(struct cache *cache)
{
    bool trusted = is_trusted(cache->directory);
    DIR *listing = fdopendir(dup(cache->directory));
    struct found *found = NULL;
    size_t count = 0;

    if (listing == NULL)
        return;
    rewinddir(listing);
    for (struct dirent *file = readdir(listing); file != NULL;
         file = readdir(listing)) {
        if (count % 1024 == 0)
            found = memory_resize(found, (count + 1024) * sizeof *found);
        if (look_at(cache->directory, file->d_name, trusted, &found[count]))
            count++;
    }
    closedir(listing);
    if (count > 0)
        qsort(found, count, sizeof *found, by_use);
    for (size_t i = 0; i < count; i++)
        add(cache, found[i].row, found[i].rendering, found[i].size, NULL);
    free(found);
}

static int open_directory(const char *parent)
{
    char *path;

    if (asprintf(&path, "%s/messages", parent) < 0)
        memory_exhausted();
    mkdir(path, 0700);
    int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0)
        log_warning("postern", "cache kept in memory path=%s error=\"%m\"",
                    path);
    else
        fchmod(directory, 0700);
    free(path);
    return directory;
}

/* Takes away what lies in <directory>/messages. */
static void clear(const char *directory)
{
    char *path;

    if (asprintf(&path, "%s/messages", directory) < 0)
        memory_exhausted();
    DIR *listing = opendir(path);
    for (struct dirent *file = listing != NULL ? readdir(listing) : NULL;
         file != NULL; file = readdir(listing))
        if (strcmp(file->d_name, ".") != 0 && strcmp(file->d_name, "..") != 0)
            unlinkat(dirfd(listing), file->d_name, 0);
    if (listing != NULL)
        closedir(listing);
    rmdir(path);
    free(path);
}

struct cache *cache_new(const char *directory, enum cache_how how,
                        uint64_t limit)
{
    struct cache *cache = memory_new(sizeof *cache);

    pthread_mutex_init(&cache->lock, NULL);
    cache->directory = -1;
    cache->limit = how == CACHE_OFF ? 0 : limit;
    if (directory != NULL && how == CACHE_DISK)
        cache->directory = open_directory(directory);
    else if (directory != NULL)
        clear(directory);
    if (cache->directory < 0 && cache->limit > RAM_LIMIT)
        cache->limit = RAM_LIMIT;
    if (cache->directory >= 0)
        load(cache);
    return cache;
}

bool cache_keeps(const struct cache *cache)
{
    return cache->limit > 0;
}

static void free_entries(struct cache *cache)
{
    while (cache->oldest != NULL) {
        struct entry *entry = cache->oldest;

        unlink_age(cache, entry);
        free(entry->data);
        free(entry);
    }
}

void cache_free(struct cache **cache)
{
    if (*cache == NULL)
        return;
    free_entries(*cache);
    if ((*cache)->directory >= 0) {
        syncfs((*cache)->directory);
        write_text((*cache)->directory, "clean", "");
        close((*cache)->directory);
    }
    pthread_mutex_destroy(&(*cache)->lock);
    free(*cache);
    *cache = NULL;
}

/* --- Use ----------------------------------------------------------------- */

static struct spool *spool_of(struct cache *cache, const struct entry *entry)
{
    char name[NAME_MAX_LEN];
    struct stat about;

    if (cache->directory < 0) {
        struct spool *spool = spool_new(NULL, 0);
        if (!spool_write(spool, entry->data, entry->size))
            spool_free(&spool);
        return spool;
    }
    file_name(name, entry->row, entry->rendering);
    int file =
        openat(cache->directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file >= 0 && fstat(file, &about) == 0 &&
        (uint64_t)about.st_size == entry->size) {
        utimensat(cache->directory, name, NULL, 0);
        return spool_from_file(file, entry->size);
    }
    if (file >= 0)
        close(file);
    return NULL;
}

struct spool *cache_get(struct cache *cache, int64_t row, uint32_t rendering)
{
    struct spool *spool = NULL;

    pthread_mutex_lock(&cache->lock);
    struct entry **place = find(cache, row, rendering);
    if (*place != NULL) {
        spool = spool_of(cache, *place);
        if (spool == NULL) {
            drop(cache, place);
        } else {
            unlink_age(cache, *place);
            make_newest(cache, *place);
        }
    }
    pthread_mutex_unlock(&cache->lock);
    return spool;
}

static char *copy_to_memory(const struct spool *content)
{
    uint64_t size = spool_size(content);
    char *data = memory_new(size + 1);

    for (uint64_t at = 0; at < size;) {
        long got = spool_read(content, at, data + at, (size_t)(size - at));
        if (got <= 0) {
            free(data);
            return NULL;
        }
        at += (uint64_t)got;
    }
    return data;
}

static bool copy_to_file(int file, const struct spool *content)
{
    char block[32 * 1024];
    uint64_t at = 0;

    while (at < spool_size(content)) {
        long got = spool_read(content, at, block, sizeof block);
        if (got <= 0 || write(file, block, (size_t)got) != got)
            return false;
        at += (uint64_t)got;
    }
    return true;
}

/* Without the lock: a large file takes a while. */
static bool write_file(struct cache *cache, const char *name, uint64_t number,
                       const struct spool *content)
{
    char temporary[NAME_MAX_LEN];

    snprintf(temporary, sizeof temporary, "new-%llu",
             (unsigned long long)number);
    int file = openat(cache->directory, temporary,
                      O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0)
        return false;
    bool written = copy_to_file(file, content);
    written &= close(file) == 0;
    if (written &&
        renameat(cache->directory, temporary, cache->directory, name) == 0)
        return true;
    unlinkat(cache->directory, temporary, 0);
    return false;
}

void cache_put(struct cache *cache, int64_t row, uint32_t rendering,
               const struct spool *content)
{
    uint64_t size = spool_size(content);
    char name[NAME_MAX_LEN], *data = NULL;

    if (size > cache->limit / 2 || cache->limit == 0)
        return;
    pthread_mutex_lock(&cache->lock);
    uint64_t number = cache->writes++;
    pthread_mutex_unlock(&cache->lock);
    if (cache->directory >= 0) {
        file_name(name, row, rendering);
        if (!write_file(cache, name, number, content))
            return;
    } else if ((data = copy_to_memory(content)) == NULL) {
        return;
    }
    pthread_mutex_lock(&cache->lock);
    add(cache, row, rendering, size, data);
    pthread_mutex_unlock(&cache->lock);
}

void cache_remove(struct cache *cache, int64_t row, uint32_t rendering)
{
    pthread_mutex_lock(&cache->lock);
    struct entry **place = find(cache, row, rendering);
    if (*place != NULL)
        drop(cache, place);
    pthread_mutex_unlock(&cache->lock);
}
