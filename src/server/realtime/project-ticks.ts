import type { Subscription } from './session-feed.ts';
import { PROJECT_TICK_MS, PROJECT_TICK_SESSIONS_MAX } from './tunables.ts';

/** Hears which sessions of a project changed in a way that a list shows; an empty list means any may have. */
export type ProjectListener = (sessionIds: string[]) => void;

type Project = {
  listeners: Set<ProjectListener>;
  changed: Set<string>;
  any: boolean;
  timer: NodeJS.Timeout | undefined;
};

/** Collects changes of watched projects and tells of them at most every `PROJECT_TICK_MS`. */
export class ProjectTicks {
  readonly #projects = new Map<string, Project>();

  get watched(): string[] {
    return [...this.#projects.keys()];
  }

  watch(projectId: string, listener: ProjectListener): Subscription {
    const project = this.#projects.get(projectId) ?? {
      listeners: new Set<ProjectListener>(),
      changed: new Set<string>(),
      any: false,
      timer: undefined,
    };
    this.#projects.set(projectId, project);
    project.listeners.add(listener);
    return {
      close: () => {
        project.listeners.delete(listener);
        if (project.listeners.size > 0) return;
        clearTimeout(project.timer);
        this.#projects.delete(projectId);
      },
    };
  }

  /** Notes a change; without a session, that any may have changed. Does nothing when nobody watches. */
  note(projectId: string, sessionId?: string): void {
    const project = this.#projects.get(projectId);
    if (!project) return;
    if (sessionId === undefined || project.changed.size >= PROJECT_TICK_SESSIONS_MAX) project.any = true;
    else project.changed.add(sessionId);
    project.timer ??= setTimeout(() => this.#tell(project), PROJECT_TICK_MS);
  }

  close(): void {
    for (const project of this.#projects.values()) clearTimeout(project.timer);
    this.#projects.clear();
  }

  #tell(project: Project): void {
    const sessionIds = project.any ? [] : [...project.changed];
    project.timer = undefined;
    project.any = false;
    project.changed.clear();
    for (const listener of [...project.listeners]) listener(sessionIds);
  }
}
