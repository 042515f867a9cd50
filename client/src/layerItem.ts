import { MarkdownString, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import type { TreeRow } from '../../server/src/protocol/clientMessages';

const icons: Record<TreeRow['kind'], string> = {
  file: 'file-code',
  class: 'symbol-class',
  container: 'layers',
  layer: 'symbol-field',
  model: 'type-hierarchy-sub',
};

/** A row as VS Code draws it. The menus of the manifest go by the words in `contextValue`: `layer`, `capture`, `place`. */
export function layerItem(row: TreeRow): TreeItem {
  const item = new TreeItem(row.label, collapsibleState(row));
  item.id = row.id;
  item.description = row.stale ? `${row.description} (stale)`.trimStart() : row.description;
  item.tooltip = new MarkdownString(row.tooltip);
  item.iconPath = new ThemeIcon(icons[row.kind]);
  item.contextValue = contextWords(row).join(' ');
  if (row.location !== null) {
    item.command = { command: 'layerPeek.goToDefinition', title: 'Go to Definition', arguments: [row] };
  }
  return item;
}

function collapsibleState(row: TreeRow): TreeItemCollapsibleState {
  if (row.children.length === 0) {
    return TreeItemCollapsibleState.None;
  }
  return row.expanded ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.Collapsed;
}

function contextWords(row: TreeRow): string[] {
  return [
    ...(row.layerPath === null ? [] : ['layer']),
    ...(row.capture === null ? [] : ['capture']),
    ...(row.location === null ? [] : ['place']),
  ];
}
