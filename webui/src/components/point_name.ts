import { useI18n } from 'vue-i18n';

/** The name of a point for people; a point that no text names keeps its own. Texts: `points`. */
export function usePointName(): (name: string) => string {
  const { t, te } = useI18n();
  return (name) => (te(`points.names.${name}`) ? t(`points.names.${name}`) : name);
}
