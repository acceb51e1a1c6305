/*
 * helpers.c - see helpers.h
 */
#include "proxy/exchange/helpers.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/queue.h>

#include "proxy/base/memory.h"

struct task {
    STAILQ_ENTRY(task) link;
    void (*work)(void *subject);
    void *subject;
};

struct helpers {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    STAILQ_HEAD(, task) tasks;
    size_t waiting; /* tasks that nobody has begun */
    size_t idle;    /* threads without work */
    bool ending;
    size_t count;
    size_t most;
    pthread_t threads[];
};

struct helpers *helpers_new(size_t most)
{
    struct helpers *helpers =
        memory_new(sizeof *helpers + most * sizeof *helpers->threads);

    pthread_mutex_init(&helpers->lock, NULL);
    pthread_cond_init(&helpers->changed, NULL);
    STAILQ_INIT(&helpers->tasks);
    helpers->most = most;
    return helpers;
}

/* Under the lock: the next task, or NULL once it is time to end. */
static struct task *next_task(struct helpers *helpers)
{
    helpers->idle++;
    while (helpers->waiting == 0 && !helpers->ending)
        pthread_cond_wait(&helpers->changed, &helpers->lock);
    helpers->idle--;
    struct task *task = STAILQ_FIRST(&helpers->tasks);
    if (task != NULL) {
        STAILQ_REMOVE_HEAD(&helpers->tasks, link);
        helpers->waiting--;
    }
    return task;
}

static void *help(void *context)
{
    struct helpers *helpers = context;
    struct task *task;

    pthread_mutex_lock(&helpers->lock);
    while ((task = next_task(helpers)) != NULL) {
        pthread_mutex_unlock(&helpers->lock);
        task->work(task->subject);
        free(task);
        pthread_mutex_lock(&helpers->lock);
    }
    pthread_mutex_unlock(&helpers->lock);
    return NULL;
}

/* Under the lock.  Without a single thread there is nothing that could be done
 * later, either. */
static void add_thread(struct helpers *helpers)
{
    pthread_t *thread = &helpers->threads[helpers->count];

    if (pthread_create(thread, NULL, help, helpers) == 0)
        helpers->count++;
    else if (helpers->count == 0)
        memory_exhausted();
}

void helpers_do(struct helpers *helpers, void (*work)(void *subject),
                void *subject)
{
    struct task *task = memory_new(sizeof *task);

    task->work = work;
    task->subject = subject;
    pthread_mutex_lock(&helpers->lock);
    STAILQ_INSERT_TAIL(&helpers->tasks, task, link);
    helpers->waiting++;
    if (helpers->idle < helpers->waiting && helpers->count < helpers->most)
        add_thread(helpers);
    pthread_cond_signal(&helpers->changed);
    pthread_mutex_unlock(&helpers->lock);
}

void helpers_free(struct helpers **helpers)
{
    struct helpers *gone = *helpers;

    if (gone == NULL)
        return;
    pthread_mutex_lock(&gone->lock);
    gone->ending = true;
    pthread_cond_broadcast(&gone->changed);
    pthread_mutex_unlock(&gone->lock);
    for (size_t i = 0; i < gone->count; i++)
        pthread_join(gone->threads[i], NULL);
    pthread_cond_destroy(&gone->changed);
    pthread_mutex_destroy(&gone->lock);
    free(gone);
    *helpers = NULL;
}
