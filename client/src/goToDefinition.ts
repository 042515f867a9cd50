import { captureOutcomeSchema } from '../../server/src/protocol/clientMessages';
import { showPlace } from './places';

/** What is needed of a row: its place. */
const rowWithPlace = captureOutcomeSchema.pick({ location: true });

/** Command of a row in the side bar: goes to the line that defines the layer or class. */
export async function goToDefinition(argument: unknown): Promise<void> {
  const row = rowWithPlace.safeParse(argument);
  if (row.success && row.data.location !== null) {
    await showPlace(row.data.location);
  }
}
